-- What is derived from the base tables, and shared by rules. Each formula stands once, here, with
-- its source.
--
-- Base tables (schema basis) say what the files say. Rules see the tables below (schema main): they
-- carry the same names and columns, with derived columns added. They are computed once per input, in
-- this order and only when a rule needs them, and not kept as views: every rule would compute a view
-- anew. What follows from reference data alone (vaste tabel) is computed once per run.
--
-- First macros; then, after each line "-- tabel: NAME" or "-- vaste tabel: NAME", the SELECT that
-- fills that table. Planning costs more time than running here, so formulas are kept small.

-- Plain comparison text: lower case, single spaces, no leading or trailing blanks.
CREATE MACRO kale_tekst(t) AS trim(regexp_replace(lower(t), '[^a-z0-9à-ÿ]+', ' ', 'g'));

-- The same between blanks, so that contains(woorden, ' licht ') finds the whole word.
CREATE MACRO woorden(t) AS ' ' || kale_tekst(t) || ' ';

-- Extension options: "2 x 12 maanden", "2x1 jaar", "twee opties van een jaar", "1+1 jaar",
-- "2 optiejaren", "24 maanden". A text with numbers left over cannot be read.
CREATE MACRO opties_in_cijfers(t) AS regexp_replace(regexp_replace(
    replace(replace(replace(replace(replace(replace(replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(replace(replace(lower(t), 'é', 'e'), 'eenmalig', '1 x '),
                    '\d{1,2}[-/ ](\d{1,2}|[a-z]+)[-/ ]20\d\d|\b20\d\d\b', ' ', 'g'),
                '\been(maal|keer)?\b', '1 \1 ', 'g'),
            '\btwee(maal|keer)?\b', '2 \1 ', 'g'),
        'driemaal', '3 maal '), 'drie', '3 '), 'vier', '4 '), 'vijf', '5 '), 'zes', '6 '), 'twaalf', '12 '),
    'jaarlijks', '1 jaar'),
    '(\d+)\s*optieja(?:ar|ren)', '\1 x 1 jaar', 'g'), '\bper keer\b|\bmet een maximum van.*$', ' ', 'g');

-- The parts "number of times, length, unit" in a text; the number of times may be absent.
CREATE MACRO optie_patroon() AS
    '(?:(\d+)\s*(?:x|×|\*|keer|maal|(?:optie|verlengings?|verlenging|periode)[a-z]*)\s*(?:(?:van|met|voor|tot|om|de|elk|telkens|steeds|maximaal|max\.?|ten hoogste|hooguit|te verlengen)\s*)*)?(\d+(?:\s*\+\s*\d+)*)\s*(maand|mnd|jaar|jaren|jr)[a-z]*';

-- A demand is local when its ground says so and names no law or national standard.
CREATE MACRO is_lokale_grondslag(t) AS
    regexp_matches(lower(t), '\b(lokaa?le?|gemeente(n|lijke?)?|eigen|regio(naal|nale)?|verordening)\b')
    AND NOT regexp_matches(lower(t), 'wet\b|\blandelijke?\b');

-- How a message names a product: "45A48 (Begeleiding)", or what there is of it.
CREATE MACRO product_naam(code, omschrijving) AS
    coalesce(code || ' (' || omschrijving || ')', code, omschrijving, 'zonder code of naam');

-- Weight of care in words (see woorden), from 1 (licht) to 5 (extra zwaar).
CREATE MACRO zwaarte_in(w) AS CASE
    WHEN contains(w, ' extra zwaar ') OR contains(w, ' extrazwaar ') OR contains(w, ' zeer zwaar ') THEN 5
    WHEN contains(w, ' middel zwaar ') OR contains(w, ' middelzwaar ') THEN 3
    WHEN contains(w, ' zwaar ') OR contains(w, ' zware ') THEN 4
    WHEN contains(w, ' middel ') OR contains(w, ' midden ') OR contains(w, ' middelmatig ') THEN 2
    WHEN contains(w, ' licht ') OR contains(w, ' lichte ') THEN 1
END;

-- Degree of specialism in words: 1 regulier, 2 specialistisch, 3 hoogspecialistisch.
CREATE MACRO specialisme_in(w) AS CASE
    WHEN contains(w, 'hoogspecialistisch') OR contains(w, 'hoog specialistisch') OR contains(w, 'hoogcomplex') THEN 3
    WHEN contains(w, ' specialistisch') OR contains(w, ' gespecialiseerd') THEN 2
    WHEN contains(w, ' regulier') OR contains(w, ' basis ') OR contains(w, ' generalistisch') THEN 1
END;

-- What a plain text names apart from its weight, or its degree of specialism: the same help.
CREATE MACRO zonder_zwaarte(kaal) AS trim(regexp_replace(kaal,
    ' ?\b(extra ?zwaar|zeer zwaar|middel ?zwaar|zwaar|zware|middelmatig|middel|midden|lichte|licht)\b', '', 'g'));
CREATE MACRO zonder_specialisme(kaal) AS trim(regexp_replace(kaal,
    ' ?(hoog ?specialistische?|\b(specialistische?|gespecialiseerde?|reguliere?|basis|generalistische?)\b)', '', 'g'));

-- Level of the professional named in a text: mbo, hbo or wo.
CREATE MACRO niveau_in(t) AS nullif(regexp_extract(lower(t), '\b(mbo|hbo|wo)(\b|[+-])', 1), '');

-- Besluit Jeugdwet art. 2.3 lid 4: a subsidy counts only where it pays fully for real delivery.
CREATE MACRO is_deelsubsidie(contractvorm, volledige_bekostiging) AS
    coalesce(lower(contractvorm) LIKE '%subsidie%', false) AND NOT coalesce(volledige_bekostiging, false);

-- How far a tariff is from last year's with an index added, times 100: no division, so no rounding.
CREATE MACRO indexverschil(bedrag, vorig, index) AS abs(100 * (bedrag - vorig) - index * vorig);

-- Kinds of help that a text names, in its order. Nursing (verpleeg...) is no foster care.
CREATE MACRO hulpsoorten(t) AS list_filter(list_transform(
    regexp_extract_all(lower(t), 'rpleeg|pleeg|gezinshui|gezinsgericht|logeren|logeer|vervoer|\btaxi|dagbehandel|dagbested|crisis|\bspoed|jeugdbescherm|ondertoezicht|\bots\b|voogdij|\bjb\b|jeugdreclass|\bjr\b|diagnos|persoonlijke verzorging|ambulant'),
    lambda woord: MAP {
        'pleeg': 'pleegzorg', 'gezinshui': 'gezinshuis', 'gezinsgericht': 'gezinshuis', 'logeren': 'logeren',
        'logeer': 'logeren', 'vervoer': 'vervoer', 'taxi': 'vervoer', 'dagbehandel': 'dagbehandeling of dagbesteding',
        'dagbested': 'dagbehandeling of dagbesteding', 'crisis': 'crisis', 'spoed': 'crisis',
        'jeugdbescherm': 'jeugdbescherming', 'ondertoezicht': 'jeugdbescherming', 'ots': 'jeugdbescherming',
        'voogdij': 'jeugdbescherming', 'jb': 'jeugdbescherming', 'jeugdreclass': 'jeugdreclassering',
        'jr': 'jeugdreclassering', 'diagnos': 'diagnostiek', 'persoonlijke verzorging': 'persoonlijke verzorging',
        'ambulant': 'ambulante hulp'}[woord]), lambda soort: soort IS NOT NULL);

-- Does a row belong to this contract? By its number, or because there is only one contract.
CREATE MACRO is_contract_van(eigen_nummer, contractnummer, contract_rij, enige_rij) AS CASE
    WHEN eigen_nummer IS NOT NULL THEN contractnummer = eigen_nummer
    ELSE contract_rij = enige_rij END;

-- tabel: enig_contract
SELECT CASE WHEN count(*) = 1 THEN min(rij_id) END AS rij_id FROM basis.contract;

-- The standaardproductcodelijst, with what its names say of the help.
-- vaste tabel: standaardproduct
SELECT
    *,
    zwaarte_in(' ' || kaal || ' ') AS zwaarte,
    zonder_zwaarte(kaal) AS zwaarte_familie,
    specialisme_in(' ' || kaal || ' ') AS specialisme,
    zonder_specialisme(kaal) AS specialisme_familie,
    -- Kinds of help that go with the code by its category, beside those in its name.
    hulpsoorten(omschrijving || CASE categorie
        WHEN '40' THEN ' persoonlijke verzorging' WHEN '41' THEN ' dagbehandeling' WHEN '42' THEN ' vervoer'
        WHEN '46' THEN ' crisis' WHEN '47' THEN ' jeugdreclassering' WHEN '48' THEN ' jeugdbescherming'
        -- Ambulatory help can be of many kinds; only stay and transport contradict it.
        WHEN '45' THEN ' ambulant dagbesteding crisis jeugdbescherming jeugdreclassering diagnostiek persoonlijke verzorging'
        ELSE '' END) AS hulpsoorten
FROM (
    SELECT
        *,
        left(productcode, 2) AS categorie,
        kale_tekst(omschrijving) AS kaal,
        kale_tekst(split_part(omschrijving, ':', 1)) AS kern
    FROM basis.standaardproduct
);

-- The legal amounts per age and per dag or maand, with what rounding may cost (Regeling Jeugdwet, bijlage 1).
-- vaste tabel: pleegvergoeding_bedrag
SELECT
    replace(naam, 'pleegvergoeding_', '') AS per, sleutel AS leeftijd, waarde AS bedrag, geldig_van, geldig_tot,
    CASE naam WHEN 'pleegvergoeding_maand' THEN
        (SELECT max(waarde) FROM basis.parameterrij WHERE naam = 'pleegvergoeding_tolerantie_maand') ELSE 0 END AS marge
FROM basis.parameterrij
WHERE naam IN ('pleegvergoeding_dag', 'pleegvergoeding_maand');

-- What published tariffs in a category and unit come to, and how far a tariff may be from them.
-- vaste tabel: gepubliceerd_tarief
SELECT *, laagste / factor AS onder, hoogste * factor AS boven
FROM (
    SELECT
        sleutel,
        max(waarde) FILTER (naam = 'tarief_laagste') AS laagste,
        max(waarde) FILTER (naam = 'tarief_hoogste') AS hoogste,
        (SELECT max(waarde) FROM basis.parameterrij WHERE naam = 'plausibel_factor') AS factor
    FROM basis.parameterrij
    WHERE naam IN ('tarief_laagste', 'tarief_hoogste')
    GROUP BY sleutel
);

-- The figures about indexing that hold on the first day of a year, from the first year of the Jeugdwet on.
-- vaste tabel: index_per_jaar
SELECT
    jaar,
    max(waarde) FILTER (naam = 'vng_index') AS advies,
    max(waarde) FILTER (naam = 'vng_index_tolerantie') AS advies_tolerantie,
    max(waarde) FILTER (naam = 'vng_index_vervallen') AS vervallen,
    max(waarde) FILTER (naam = 'index_tolerantie_procentpunt') AS tolerantie,
    max(waarde) FILTER (naam = 'index_tolerantie_euro') AS tolerantie_euro,
    max(waarde) FILTER (naam = 'afronding_uurtarief') AS afronding_uurtarief,
    max(waarde) FILTER (naam = 'afronding_hele_euro') AS afronding_hele_euro,
    max(waarde) FILTER (naam = 'afronding_cent') AS afronding_cent
FROM (SELECT unnest(range(2015, 2051)) AS jaar)
JOIN basis.parameterrij ON make_date(jaar, 1, 1)
    BETWEEN coalesce(geldig_van, DATE '1900-01-01') AND coalesce(geldig_tot, DATE '2999-12-31')
GROUP BY jaar;

-- A tariff by itself, with what its contract and the standaardproductcodelijst say of it. Rules use
-- the table tarief, which adds what other tariffs and the parameters say.
-- tabel: tarief_rij
SELECT
    * EXCLUDE (rijtekst, contract_tekendatum, is_deelsubsidie, standaard_kaal, zwaartewoorden, zwaarte_eigen,
        zwaarte_landelijk, standaard_zwaarte_familie, specialisme_eigen, specialisme_landelijk,
        standaard_specialisme_familie),
    coalesce(zwaarte_eigen, zwaarte_landelijk) AS zwaarte_graad,
    coalesce(specialisme_eigen, specialisme_landelijk) AS specialisme_graad,
    -- The same help in other weights. Codes of the national list are compared by their national name
    -- (s:), unless the own text (e:) names another weight.
    CASE
        WHEN coalesce(zwaarte_eigen, zwaarte_landelijk) = zwaarte_landelijk THEN 's:' || standaard_zwaarte_familie
        WHEN zwaarte_eigen IS NOT NULL
            THEN 'e:' || nullif(zonder_zwaarte(coalesce(nullif(omschrijving_kaal, ''), standaard_kaal, lower(productcode))), '')
    END AS zwaarte_familie,
    CASE
        WHEN coalesce(specialisme_eigen, specialisme_landelijk) = specialisme_landelijk THEN 's:' || standaard_specialisme_familie
        WHEN specialisme_eigen IS NOT NULL THEN 'e:' || nullif(zonder_specialisme(omschrijving_kaal), '')
    END AS specialisme_familie,
    coalesce(begin, contract_tekendatum, peildatum()) AS toetsdatum,
    -- Besluit Jeugdwet art. 2.3 is about help that the gemeente buys, fully paid.
    is_deelsubsidie OR is_pgb OR is_pleegvergoeding AS buiten_besluit,
    -- PC-12: one tariff per code, level or target group, unit and period.
    concat_ws('|', kader_sleutel, is_pgb, coalesce(productcode, ''), coalesce(niveau_of_afgeleid, ''),
        coalesce(lower(zwaarte), ''), eenheid_sleutel, coalesce(uitvoeringsvariant_regel, '')) AS sleutel
FROM (
    SELECT
        *,
        zwaarte_in(zwaartewoorden) AS zwaarte_eigen,
        specialisme_in(' ' || omschrijving_kaal || ' ') AS specialisme_eigen,
        -- With a pgb the family buys the help itself, for a tariff of its own.
        regexp_matches(rijtekst, '(\b|_)pgb|persoonsgebonden') AS is_pgb,
        regexp_matches(rijtekst, 'pleegvergoeding|zakgeld|kleedgeld') AS is_pleegvergoeding,
        -- For whom the tariff is.
        concat_ws('|', contract_sleutel, coalesce(kale_tekst(aanbieder), ''), coalesce(kale_tekst(perceel), ''),
            coalesce(kale_tekst(doelgroep), '')) AS kader_sleutel,
        -- Digits of the category: '45' in '45' and in '45 Jeugdhulp ambulant'.
        nullif(regexp_extract(productcategorie, '^\s*(\d+)', 1), '') AS categorie_nummer,
        -- "stuk" without more is 84 with effort and 82 with output (WJ756, OP305); "dag" is an etmaal
        -- only for stay (categories 43 and 44): in practice lists of gemeenten write "per dag" there.
        CASE eenheid_gelezen
            WHEN 'stuks' THEN CASE variant WHEN 'inspanningsgericht' THEN '84' WHEN 'outputgericht' THEN '82' END
            WHEN 'dag' THEN CASE WHEN left(productcode, 2) IN ('43', '44') THEN '14' END
            ELSE CASE WHEN eenheid_gelezen IN ('01', '04', '14', '16', '82', '83', '84') THEN eenheid_gelezen END
        END AS eenheid
    FROM (
        SELECT
            t.* EXCLUDE (uitvoeringsvariant, eenheid, productcategorie),
            t.uitvoeringsvariant AS uitvoeringsvariant_regel,
            t.eenheid AS eenheid_gelezen,
            t.productcategorie AS productcategorie_regel,
            c.rij_id AS contract_rij_id,
            -- The contract that the row belongs to; where its row is missing, what the file calls it.
            coalesce(c.rij_id::VARCHAR, concat_ws('|', t.bestand, t.contract_id)) AS contract_sleutel,
            c.startdatum AS contract_startdatum,
            c.tekendatum AS contract_tekendatum,
            c.inkoopschaal AS inkoopschaal,
            c.gemeente AS gemeente,
            c.catalogus_vastgesteld AS catalogus_vastgesteld,
            is_deelsubsidie(c.contractvorm, c.volledige_bekostiging) AS is_deelsubsidie,
            coalesce(t.productcategorie, nullif(regexp_extract(t.productcode, '^\d{2}'), '')) AS productcategorie,
            s.productcode IS NOT NULL AS is_standaardcode,
            -- The edition of February 2025 that we ship lacks categories 54 and 55; codes in them are never
            -- called own codes (istandaarden.nl, standaardproductcodelijst Jeugdwet).
            coalesce(regexp_matches(t.productcode, '^(54[0-9]{3}|55[0-9A-Z]{3})$'), false) AS lijst_onvolledig,
            s.omschrijving AS standaard_omschrijving,
            s.kaal AS standaard_kaal,
            s.uitvoeringsvariant AS standaard_uitvoeringsvariant,
            s.hulpvorm_code AS hulpvorm_code,
            s.zwaarte AS zwaarte_landelijk,
            s.zwaarte_familie AS standaard_zwaarte_familie,
            s.specialisme AS specialisme_landelijk,
            s.specialisme_familie AS standaard_specialisme_familie,
            coalesce(t.uitvoeringsvariant, c.uitvoeringsvariant) AS uitvoeringsvariant,
            coalesce(t.uitvoeringsvariant, c.uitvoeringsvariant, s.uitvoeringsvariant) AS variant,
            CASE
                WHEN t.uitvoeringsvariant IS NOT NULL THEN 'bij dit tarief'
                WHEN c.uitvoeringsvariant IS NOT NULL THEN 'in het contract'
                WHEN s.uitvoeringsvariant IS NOT NULL THEN 'in de standaardproductcodelijst'
            END AS variant_herkomst,
            -- Per what, as written: two unknown words are two units.
            coalesce(t.eenheid, kale_tekst(t.eenheid_tekst), '') AS eenheid_sleutel,
            coalesce(lower(t.niveau), niveau_in(t.omschrijving)) AS niveau_of_afgeleid,
            coalesce(t.geldig_van, make_date(t.jaar, 1, 1), c.startdatum) AS begin,
            coalesce(t.geldig_tot, make_date(t.jaar, 12, 31)) AS eind_opgegeven,
            product_naam(t.productcode, t.omschrijving) AS product_naam,
            coalesce(kale_tekst(t.omschrijving), '') AS omschrijving_kaal,
            -- The column zwaarte where it names a weight, otherwise the description.
            woorden(CASE WHEN regexp_matches(lower(t.zwaarte), 'zwaar|zware|licht|middel|midden') THEN t.zwaarte
                ELSE t.omschrijving END) AS zwaartewoorden,
            lower(concat_ws(' ', t.regeling, t.blad, t.perceel, t.doelgroep, t.omschrijving, t.opmerking)) AS rijtekst
        FROM basis.tarief t
        CROSS JOIN enig_contract enig
        LEFT JOIN basis.contract c ON is_contract_van(t.contract_id, c.contract_id, c.rij_id, enig.rij_id)
        LEFT JOIN standaardproduct s ON s.productcode = t.productcode
    )
);

-- What all tariffs of a product in a contract say together.
-- tabel: tarief_product
SELECT
    contract_sleutel,
    productcode,
    any_value(contract_rij_id) AS contract_rij_id,
    min(rij_id) AS eerste_rij_id,
    min(begin) AS begin,
    max(begin) AS laatste_begin,
    bool_or(tarief IS NOT NULL OR minuuttarief IS NOT NULL) AS heeft_tarief,
    bool_or(trim(omschrijving) <> '') IS TRUE AS heeft_omschrijving,
    bool_or(trim(kwaliteitseis) <> '') IS TRUE AS heeft_kwaliteitseis
FROM tarief_rij
WHERE productcode IS NOT NULL
GROUP BY contract_sleutel, productcode;

-- The order of magnitude of a tariff, by what gemeenten published: a bound for a typing error, not a
-- norm (PL-01). Only tariffs that can be compared: no surcharges, help by laymen or foster care.
-- tabel: tarief_orde
SELECT
    t.rij_id, t.laagste, t.hoogste, t.per,
    -- As what it would be ordinary; empty when there is nothing like it, NULL when it is ordinary as it is.
    CASE WHEN t.buiten THEN coalesce(string_agg(l.uitleg, ' of ' ORDER BY l.volgorde), '') END AS lijkt
FROM (
    SELECT *, bedrag NOT BETWEEN onder AND boven AS buiten
    FROM (
        SELECT
            t.rij_id, t.eenheid, g.* EXCLUDE (sleutel),
            -- Minutes are compared as hours.
            t.tarief * CASE t.eenheid WHEN '01' THEN 60 ELSE 1 END AS bedrag,
            CASE t.eenheid WHEN '14' THEN 'per etmaal' WHEN '16' THEN 'per dagdeel' WHEN '82' THEN 'per stuk'
                WHEN '84' THEN 'per stuk' ELSE 'per uur' END AS per
        FROM tarief_rij t
        JOIN gepubliceerd_tarief g ON g.sleutel = left(t.productcode, 2) || '-' || replace(t.eenheid, '01', '04')
        WHERE t.tarief > 0
            AND NOT regexp_matches(lower(concat_ws(' ', t.omschrijving, t.doelgroep, t.opmerking, t.standaard_omschrijving)),
                'toeslag|sociaal netwerk|informe|niet[ -]geregistreerd|kosten|kleedgeld|afwezig|\bnhc\b|\bnic\b')
            AND NOT (left(t.productcode, 2) = '43' AND (t.hulpvorm_code IS NOT DISTINCT FROM '11' OR contains(t.omschrijving_kaal, 'pleeg')))
    )
) t
LEFT JOIN (
    -- As what a tariff outside the bounds may be meant: times teller, divided by noemer. A tariff per dagdeel
    -- or etmaal must fit the published tariffs themselves, or too much would fit.
    VALUES
        (1, '04', 60, 1, true, 'een tarief per minuut'),
        (2, '01', 1, 60, true, 'een tarief per uur'),
        (3, '04', 1, 4, false, 'een tarief per dagdeel van vier uur'),
        (4, '04', 1, 24, false, 'een tarief per etmaal'),
        (5, '16', 4, 1, true, 'een tarief per uur'),
        (6, '14', 24, 1, true, 'een tarief per uur'),
        (7, NULL, 1, 100, true, 'een bedrag in centen'),
        (8, NULL, 100, 1, true, 'een bedrag waarin de komma verkeerd staat')
) l (volgorde, eenheid, teller, noemer, ruim, uitleg) ON t.buiten AND coalesce(l.eenheid, t.eenheid) = t.eenheid
    AND t.bedrag * l.teller BETWEEN l.noemer * CASE WHEN l.ruim THEN t.onder ELSE t.laagste END
        AND l.noemer * CASE WHEN l.ruim THEN t.boven ELSE t.hoogste END
    -- Where published tariffs differ a factor ten, a comma in the wrong place cannot be told.
    AND (l.eenheid IS NOT NULL OR t.hoogste < 10 * t.laagste)
GROUP BY t.rij_id, t.laagste, t.hoogste, t.per, t.buiten;

-- Rows that name the pleegvergoeding (hulp 'pleegvergoeding') beside the legal amount for the age of the
-- child, and foster care (hulp 'pleegzorg') beside the lowest legal amount of that day.
-- tabel: pleegvergoeding_toets
SELECT
    t.rij_id, t.hulp, t.leeftijd, t.per,
    min(n.bedrag) FILTER (t.begin BETWEEN n.geldig_van AND n.geldig_tot) AS bedrag,
    bool_or(abs(t.tarief - n.bedrag) <= n.marge) FILTER (t.begin BETWEEN n.geldig_van AND n.geldig_tot) AS klopt,
    max(year(n.geldig_van)) FILTER (n.geldig_tot < t.begin AND abs(t.tarief - n.bedrag) <= n.marge) AS oud_jaar
FROM (
    SELECT
        * EXCLUDE (jaren, kaal),
        CASE
            WHEN jaren.van = '18' OR regexp_matches(kaal, '\bvanaf 18\b|\b18( jaar)? (en|of) ouder') THEN '18+'
            ELSE jaren.van || '-' || (TRY_CAST(jaren.tot AS INTEGER) - CASE jaren.woord WHEN 'tot ' THEN 1 ELSE 0 END)
        END AS leeftijd,
        CASE
            WHEN hulp = 'pleegzorg' THEN 'dag'
            WHEN eenheid_gelezen = 'maand' OR contains(kaal, 'maand') THEN 'maand'
            WHEN eenheid_gelezen IN ('14', 'dag') OR regexp_matches(kaal, '\bdag\b|etmaal') THEN 'dag'
            WHEN eenheid_sleutel = '' THEN CASE WHEN tarief < 100 THEN 'dag' ELSE 'maand' END
        END AS per
    FROM (
        SELECT
            *,
            -- "0-8", "9 t/m 11", "12 tot 16 jaar", "16 en 17 jaar"; from the ages of the bijlage, so no date is read.
            regexp_extract(kaal, '\b(0|9|12|16|18)( jaar)? (t m |tot en met |en |tot )?(\d{1,2})\b', ['van', 'jaar', 'woord', 'tot']) AS jaren
        FROM (
            SELECT
                rij_id, begin, tarief, eenheid_gelezen, eenheid_sleutel,
                CASE
                    WHEN contains(omschrijving_kaal, 'pleegvergoeding')
                        THEN CASE WHEN NOT contains(omschrijving_kaal, 'toeslag') THEN 'pleegvergoeding' END
                    WHEN (contains(omschrijving_kaal, 'pleegzorg') OR hulpvorm_code = '11' AND left(productcode, 2) IN ('43', '44', '46'))
                        AND NOT regexp_matches(lower(concat_ws(' ', omschrijving, standaard_omschrijving)),
                            'pleegvergoeding|toeslag|kosten|begelei')
                        THEN 'pleegzorg'
                END AS hulp,
                kale_tekst(replace(concat_ws(' ', omschrijving, doelgroep, eenheid_tekst), '+', ' of ouder ')) AS kaal
            FROM tarief_rij
        )
        WHERE hulp IS NOT NULL
    )
) t
LEFT JOIN pleegvergoeding_bedrag n ON n.per = t.per AND (n.leeftijd = t.leeftijd OR t.hulp = 'pleegzorg')
GROUP BY t.rij_id, t.hulp, t.leeftijd, t.per;

-- The tariff of a key in a year beside that of the year before (vorig, or NULL when there is none), and
-- whether it follows the index that the list names (genoemd) or that the VNG advises.
-- tabel: tarief_jaarstap
WITH jaren AS (
    -- One tariff per key and year; a key with more tariffs in a year cannot be followed.
    SELECT
        contract_sleutel, sleutel, omschrijving_kaal,
        year(begin) AS jaar,
        min(rij_id) AS rij_id,
        any_value(eenheid) AS eenheid,
        min(tarief) AS bedrag,
        arg_min(cellen['tarief'], rij_id) AS cel,
        min(indexpercentage) AS genoemd,
        arg_min(cellen['indexpercentage'], rij_id) FILTER (indexpercentage IS NOT NULL) AS genoemd_cel
    FROM tarief_rij
    WHERE tarief > 0 AND begin IS NOT NULL AND (productcode IS NOT NULL OR omschrijving_kaal <> '') AND NOT is_pleegvergoeding
    GROUP BY contract_sleutel, sleutel, omschrijving_kaal, year(begin)
    HAVING min(tarief) = max(tarief)
)
SELECT
    *,
    round(100 * (bedrag - vorig) / vorig, 2) AS stijging,
    verschil_genoemd > greatest(speling, tolerantie * vorig) AS wijkt_van_genoemd,
    verschil_advies > greatest(speling, advies_tolerantie * vorig) AS wijkt_van_advies,
    -- A figure of the VNG that was corrected later; followed up to rounding to cents.
    verschil_vervallen <= 100 * afronding_cent AND verschil_advies > speling AS volgt_vervallen
FROM (
    SELECT
        n.*, make_date(n.jaar, 1, 1) AS jaarbegin, v.bedrag AS vorig, v.cel AS vorige_cel, i.* EXCLUDE (jaar),
        indexverschil(n.bedrag, v.bedrag, n.genoemd) AS verschil_genoemd,
        indexverschil(n.bedrag, v.bedrag, i.advies) AS verschil_advies,
        indexverschil(n.bedrag, v.bedrag, i.vervallen) AS verschil_vervallen,
        -- What rounding may cost: half a cent per minute, or half a euro where all is in whole euros.
        100 * greatest(i.tolerantie_euro,
            CASE WHEN n.eenheid = '04' AND n.bedrag % 0.60 = 0 AND v.bedrag % 0.60 = 0 THEN i.afronding_uurtarief END,
            CASE WHEN n.bedrag % 1 = 0 AND v.bedrag % 1 = 0 THEN i.afronding_hele_euro END) AS speling
    FROM jaren n
    LEFT JOIN jaren v ON v.sleutel = n.sleutel AND v.omschrijving_kaal = n.omschrijving_kaal AND v.jaar = n.jaar - 1
    LEFT JOIN index_per_jaar i ON i.jaar = n.jaar
);

-- tabel: tarief
SELECT t.*, extra.* EXCLUDE (rij_id)
FROM tarief_rij t
-- Joined over few columns first: to carry all columns through every join takes longer.
LEFT JOIN (
    SELECT
        t.rij_id,
        -- The same product in the same sheet.
        concat_ws('|', t.sleutel, t.omschrijving_kaal, t.bestand, t.blad) AS blad_sleutel,
        -- A tariff without a last day ends the day before the next tariff with the same key starts.
        coalesce(t.eind_opgegeven, r.volgend_begin - 1) AS eind,
        j.vorig AS tarief_vorig_jaar,
        p.eerste_rij_id AS product_eerste_rij_id,
        p.begin AS product_begin,
        p.laatste_begin AS product_laatste_begin,
        p.heeft_tarief AS product_heeft_tarief,
        o.laagste AS orde_laagste,
        o.hoogste AS orde_hoogste,
        o.per AS orde_per,
        o.lijkt AS orde_lijkt,
        v.hulp AS pleeghulp,
        v.leeftijd AS pleegvergoeding_leeftijd,
        v.per AS pleegvergoeding_per,
        v.bedrag AS pleegvergoeding_bedrag,
        v.klopt AS pleegvergoeding_klopt,
        v.oud_jaar AS pleegvergoeding_oud_jaar
    FROM tarief_rij t
    LEFT JOIN (
        -- Ordered as a whole and not in partitions: with few rows per key that is much faster.
        SELECT
            sleutel, omschrijving_kaal, begin,
            CASE WHEN lead(sleutel) OVER reeks = sleutel AND lead(omschrijving_kaal) OVER reeks = omschrijving_kaal
                THEN lead(begin) OVER reeks END AS volgend_begin
        FROM (SELECT DISTINCT sleutel, omschrijving_kaal, begin FROM tarief_rij)
        WINDOW reeks AS (ORDER BY sleutel, omschrijving_kaal, begin)
    ) r ON r.sleutel = t.sleutel AND r.omschrijving_kaal = t.omschrijving_kaal AND r.begin = t.begin
    LEFT JOIN tarief_jaarstap j ON j.rij_id = t.rij_id
    LEFT JOIN tarief_product p ON p.contract_sleutel = t.contract_sleutel AND p.productcode = t.productcode
    LEFT JOIN tarief_orde o ON o.rij_id = t.rij_id
    LEFT JOIN pleegvergoeding_toets v ON v.rij_id = t.rij_id
) extra ON extra.rij_id = t.rij_id
ORDER BY t.rij_id;

-- Help that is heavier (soort 'zwaarte') or more specialised (soort 'specialisme') and costs less than
-- lighter help of the same kind (uitkomst 'lager') or the same ('gelijk'), beside the nearest lighter help.
-- tabel: tarief_vergelijking
WITH graden AS (
    SELECT
        soort, groep, graad,
        min(tarief) AS laag,
        max(tarief) AS hoog,
        arg_max(rij_id, row(tarief, -rij_id)) AS rij_id,
        arg_min(product_naam, row(tarief, rij_id)) AS product_naam,
        arg_min(cel, row(tarief, rij_id)) AS cel
    FROM (
        SELECT
            tarief, rij_id, product_naam, cellen['tarief'] AS cel, soort,
            CASE soort WHEN 'zwaarte' THEN zwaarte_graad ELSE specialisme_graad END AS graad,
            CASE soort WHEN 'zwaarte' THEN row(zwaarte_familie, specialisme_graad) ELSE row(specialisme_familie, zwaarte_graad) END AS familie,
            row(familie, bestand, blad, kader_sleutel, is_pgb, left(productcode, 2), niveau_of_afgeleid, eenheid, frequentie,
                variant, begin) AS groep
        FROM tarief_rij
        CROSS JOIN (VALUES ('zwaarte'), ('specialisme')) soorten (soort)
        WHERE eenheid IS NOT NULL AND tarief > 0
            AND CASE soort WHEN 'zwaarte' THEN zwaarte_familie ELSE specialisme_familie END IS NOT NULL
    )
    GROUP BY soort, groep, graad
)
SELECT
    z.soort, z.rij_id,
    CASE WHEN z.hoog < l.laag THEN 'lager' ELSE 'gelijk' END AS uitkomst,
    arg_max(l.product_naam, l.graad) AS lichter,
    arg_max(l.laag, l.graad) AS ander_tarief,
    [arg_max(l.cel, l.graad)] AS ook
FROM graden z
JOIN graden l ON l.soort = z.soort AND l.groep = z.groep AND l.graad < z.graad
WHERE z.hoog < l.laag OR (z.laag = l.hoog AND z.hoog = l.laag)
GROUP BY z.soort, z.rij_id, uitkomst;

-- What the tariffs say of the variant, per contract (productcode NULL) and per product in it.
-- tabel: contract_variant
SELECT
    contract_rij_id, productcode,
    bool_or(variant IN ('inspanningsgericht', 'outputgericht')) AS inspanning_of_output,
    bool_or(variant = 'inspanningsgericht') AS met_inspanning
FROM tarief_rij
GROUP BY GROUPING SETS ((contract_rij_id), (contract_rij_id, productcode))
HAVING grouping(productcode) = 1 OR productcode IS NOT NULL;

-- tabel: contract
SELECT
    c.*,
    coalesce(c.startdatum, c.tekendatum, peildatum()) AS toetsdatum,
    -- Duties that came into force during the contract: the last day on which it can be checked.
    coalesce(c.einddatum, peildatum()) AS loopt_tot,
    -- Whole months from the first day up to and including the last day.
    datesub('month', c.startdatum, c.einddatum + 1) AS looptijd_maanden,
    o.maanden AS verlenging_maanden,
    datesub('month', c.startdatum, c.einddatum + 1) + coalesce(o.maanden, 0) AS looptijd_met_opties,
    c.contractstandaard IS NOT NULL AND regexp_matches(lower(c.contractstandaard), 'standaard|\bcs\b')
        AS volgt_contractstandaard,
    coalesce(lower(c.contractvorm) LIKE '%subsidie%', false) AS is_subsidie,
    is_deelsubsidie(c.contractvorm, c.volledige_bekostiging) AS subsidie_zonder_volledige_bekostiging,
    -- What the tariffs say of the variant goes before what the contract says as a whole.
    coalesce(v.inspanning_of_output, c.uitvoeringsvariant IN ('inspanningsgericht', 'outputgericht'))
        AS inspanning_of_output,
    coalesce(v.met_inspanning, c.uitvoeringsvariant = 'inspanningsgericht') AS met_inspanning
FROM basis.contract c
LEFT JOIN contract_variant v ON v.contract_rij_id = c.rij_id AND v.productcode IS NULL
LEFT JOIN (
    -- Months of extension; 0 for "geen", NULL when the text cannot be read (numbers left over).
    SELECT rij_id, CASE
        WHEN regexp_matches(lower(tekst), '^\s*(geen|nee|0|niet|zonder)\b') THEN 0
        WHEN len(lengtes) = 0 OR regexp_matches(rest, '\d') THEN NULL
        ELSE list_sum(list_transform(range(len(lengtes)), lambda i:
            coalesce(try_cast(nullif(aantallen[i + 1], '') AS INTEGER), 1)
            * list_sum(list_transform(regexp_extract_all(lengtes[i + 1], '\d+'), lambda n: cast(n AS INTEGER)))
            * CASE WHEN soorten[i + 1] LIKE 'j%' THEN 12 ELSE 1 END)) END::INTEGER AS maanden
    FROM (
        SELECT rij_id, verlengingsopties AS tekst,
            regexp_extract_all(cijfers, optie_patroon(), 1) AS aantallen,
            regexp_extract_all(cijfers, optie_patroon(), 2) AS lengtes,
            regexp_extract_all(cijfers, optie_patroon(), 3) AS soorten,
            regexp_replace(cijfers, optie_patroon(), ' ', 'g') AS rest
        FROM (SELECT rij_id, verlengingsopties, opties_in_cijfers(verlengingsopties) AS cijfers FROM basis.contract)
    ) WHERE tekst IS NOT NULL
) o ON o.rij_id = c.rij_id;

-- tabel: aanbieder
SELECT
    a.*,
    coalesce(c.toetsdatum, peildatum()) AS toetsdatum,
    coalesce(c.loopt_tot, peildatum()) AS loopt_tot
FROM basis.aanbieder a
CROSS JOIN enig_contract enig
LEFT JOIN contract c ON is_contract_van(a.contract_id, c.contract_id, c.rij_id, enig.rij_id);

-- tabel: tariefopbouw
SELECT
    o.*,
    coalesce(make_date(o.jaar, 1, 1), c.toetsdatum, peildatum()) AS toetsdatum,
    -- Besluit Jeugdwet art. 2.3 lid 1 (Stb. 2024, 69): the four cost elements together.
    o.kosten_beroepskrachten + o.overige_clientgebonden + o.overhead + o.indexering
        + coalesce(o.risico_marge, 0) AS som_elementen,
    c.rij_id AS contract_rij_id,
    coalesce(c.subsidie_zonder_volledige_bekostiging, false) AS buiten_besluit,
    product_naam(o.productcode, o.omschrijving) AS product_naam,
    -- The four cost elements that are missing, and those that are zero; NULL when there are none.
    coalesce(o.kosten_beroepskrachten, o.overige_clientgebonden, o.overhead, o.overhead_percentage, o.indexering,
        o.index_percentage) IS NOT NULL AS heeft_elementen,
    nullif(concat_ws(', ',
        CASE WHEN o.kosten_beroepskrachten IS NULL THEN 'beroepskrachten' END,
        CASE WHEN o.overige_clientgebonden IS NULL THEN 'overige cliëntgebonden kosten' END,
        CASE WHEN coalesce(o.overhead, o.overhead_percentage) IS NULL THEN 'overhead' END,
        CASE WHEN coalesce(o.indexering, o.index_percentage) IS NULL THEN 'indexering' END), '') AS elementen_ontbreken,
    nullif(concat_ws(', ',
        CASE WHEN o.kosten_beroepskrachten = 0 THEN 'beroepskrachten' END,
        CASE WHEN o.overige_clientgebonden = 0 THEN 'overige cliëntgebonden kosten' END,
        CASE WHEN greatest(o.overhead, o.overhead_percentage) = 0 THEN 'overhead' END,
        CASE WHEN greatest(o.indexering, o.index_percentage) = 0 THEN 'indexering' END), '') AS elementen_nul
FROM basis.tariefopbouw o
CROSS JOIN enig_contract enig
LEFT JOIN contract c ON is_contract_van(o.contract_id, c.contract_id, c.rij_id, enig.rij_id);

-- tabel: administratie
SELECT
    a.*,
    coalesce(c.toetsdatum, peildatum()) AS toetsdatum,
    c.rij_id AS contract_rij_id,
    c.uitvoeringsvariant AS uitvoeringsvariant,
    is_lokale_grondslag(a.grondslag) AS is_lokaal,
    -- Does the demand concern a product that is declared by iJw messages?
    coalesce(v.inspanning_of_output, c.uitvoeringsvariant IN ('inspanningsgericht', 'outputgericht'))
        AS inspanning_of_output
FROM basis.administratie a
CROSS JOIN enig_contract enig
LEFT JOIN contract c ON is_contract_van(a.contract_id, c.contract_id, c.rij_id, enig.rij_id)
LEFT JOIN contract_variant v ON v.contract_rij_id IS NOT DISTINCT FROM c.rij_id
    AND v.productcode IS NOT DISTINCT FROM a.productcode;

-- tabel: kwaliteit
SELECT
    k.*,
    coalesce(c.toetsdatum, peildatum()) AS toetsdatum,
    c.rij_id AS contract_rij_id,
    is_lokale_grondslag(k.grondslag) AS is_lokaal
FROM basis.kwaliteit k
CROSS JOIN enig_contract enig
LEFT JOIN contract c ON is_contract_van(k.contract_id, c.contract_id, c.rij_id, enig.rij_id);

-- tabel: uitleg
SELECT *, peildatum() AS toetsdatum FROM basis.uitleg;

-- tabel: leesmelding
SELECT *, peildatum() AS toetsdatum FROM basis.leesmelding;

-- The workbook as a whole: one row, so that a rule can say what a workbook lacks.
-- tabel: werkmap
SELECT
    0::BIGINT AS rij_id,
    NULL::VARCHAR AS bestand,
    NULL::VARCHAR AS blad,
    NULL::INTEGER AS rij,
    MAP {}::MAP(VARCHAR, VARCHAR) AS cellen,
    peildatum() AS toetsdatum,
    c.aantal_contracten, t.*, o.aantal_opbouw, a.aantal_eisen
FROM (
    SELECT
        count(*) AS aantal_tarieven,
        count(DISTINCT productcode) AS aantal_codes,
        count(DISTINCT productcode) FILTER (is_standaardcode) AS aantal_standaardcodes,
        count(DISTINCT productcode) FILTER (lijst_onvolledig AND NOT is_standaardcode) AS aantal_niet_te_beoordelen,
        count(*) FILTER (NOT buiten_besluit) AS aantal_onder_besluit,
        -- The last day on which the Besluit Jeugdwet can hold for a tariff of the workbook.
        coalesce(max(coalesce(eind, toetsdatum)) FILTER (NOT buiten_besluit), peildatum()) AS besluit_tot
    FROM tarief
) t
CROSS JOIN (SELECT count(*) AS aantal_contracten FROM basis.contract) c
CROSS JOIN (SELECT count(*) AS aantal_opbouw FROM basis.tariefopbouw) o
CROSS JOIN (SELECT count(*) AS aantal_eisen FROM basis.administratie) a;
