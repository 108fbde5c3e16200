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

-- Is there a cost price to compute tariffs from? Most workbooks have none; then nothing is computed.
CREATE MACRO er_is_kostprijs() AS (SELECT count(*) FROM basis.kostprijs) > 0;
-- A build-up in amounts with its own tariff needs no computing either: its sum says all (TAR-03).
CREATE MACRO er_is_opbouw() AS (SELECT count(*) FROM basis.tariefopbouw
    WHERE kosten_beroepskrachten + overige_clientgebonden + overhead + indexering + tarief IS NULL) > 0;
CREATE MACRO heeft_kostprijs(code) AS code IN (SELECT productcode FROM basis.kostprijs WHERE productcode IS NOT NULL);
CREATE MACRO er_is_caoschaal() AS (SELECT count(*) FROM basis.caoschaal) > 0;

-- The core of a cao, scale or step: 'Cao Jeugdzorg 2024-2025' is 'jeugdzorg', 'schaal 8' and 'FWG 8' are '8'.
CREATE MACRO cao_kern(t) AS trim(regexp_replace(kale_tekst(t),
    '\b(cao|collectieve arbeidsovereenkomst|salarisschaal|loonschaal|schaal|fwg|functiegroep|trede|periodiek|regelnummer|20\d\d)\b ?', '', 'g'));

-- The index of a year in percent: that of wages (OVA) and that of prices (PPC), by their weights.
-- Contractstandaard Jeugd art. 3.2 and Vragen en antwoorden contractstandaarden, 12-5-2025.
CREATE MACRO gewogen_index(weging_loon, weging_prijs, ova, ppc) AS (weging_loon * ova + weging_prijs * ppc) * 0.01;

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

-- A number to count with. Beyond these bounds it is a typing error, and products would not fit.
CREATE MACRO telbaar(x, hoogste) AS CASE WHEN x BETWEEN 0 AND hoogste THEN x END;

-- teller / noemer in six decimals, half up, in whole numbers: DuckDB divides decimals as floating point.
-- For amounts that are not negative, below 10^20.
CREATE MACRO precies_gedeeld(teller, noemer) AS CASE WHEN noemer > 0 THEN CAST(
    (2000000 * CAST(CAST(teller AS DECIMAL(28,8)) * 100000000 AS HUGEINT) + CAST(CAST(noemer AS DECIMAL(28,8)) * 100000000 AS HUGEINT))
    // (2 * CAST(CAST(noemer AS DECIMAL(28,8)) * 100000000 AS HUGEINT)) AS DECIMAL(30,0)) * CAST(0.000001 AS DECIMAL(7,6)) END;

-- What imposed hours do to the cost price per hour (facts on reëel tarief and lasten, B6):
-- (loon + overhead per uur) x delta / (uren - delta), where uren are those in which the hours are counted.
CREATE MACRO kostprijs_door_lasten(kosten_per_uur, uren, delta) AS CASE WHEN delta < uren THEN
    precies_gedeeld(CAST(kosten_per_uur AS DECIMAL(20,4)) * CAST(delta AS DECIMAL(12,4)), uren - delta) END;

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

-- The provisional (v) and definitive (d) rise of wages and prices per year.
-- vaste tabel: index_reeks
SELECT
    year(geldig_van) AS jaar,
    max(waarde) FILTER (naam = 'index_ova_voorlopig') AS ova_v,
    max(waarde) FILTER (naam = 'index_ova_definitief') AS ova_d,
    max(waarde) FILTER (naam = 'index_ppc_voorlopig') AS ppc_v,
    max(waarde) FILTER (naam = 'index_ppc_definitief') AS ppc_d
FROM basis.parameterrij
WHERE naam IN ('index_ova_voorlopig', 'index_ova_definitief', 'index_ppc_voorlopig', 'index_ppc_definitief')
GROUP BY year(geldig_van);

-- What wages (OVA) and prices (PPC) rise in a year: the provisional figure alone (voorlopig), or with what
-- the year before turned out to differ. That is counted in percentage points by the clause (clausule:
-- Contractstandaard Wmo 1.2 art. 3.2.1, same build in Jeugd; so has the table of the VNG of 2-10-2024), and
-- as a ratio in what the VNG first published for 2024 and 2025 (verhouding; 2025 was corrected).
-- vaste tabel: index_cijfers
SELECT
    n.jaar, n.ova_v AS ova_voorlopig, n.ppc_v AS ppc_voorlopig,
    n.ova_v + v.ova_d - v.ova_v AS ova_clausule, n.ppc_v + v.ppc_d - v.ppc_v AS ppc_clausule,
    n.ova_v + deel(vast(100 * (v.ova_d - v.ova_v)), vast(100 + v.ova_v)) AS ova_verhouding,
    n.ppc_v + deel(vast(100 * (v.ppc_d - v.ppc_v)), vast(100 + v.ppc_v)) AS ppc_verhouding
FROM index_reeks n
LEFT JOIN index_reeks v ON v.jaar = n.jaar - 1;

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
        regexp_matches(rijtekst, 'pleegvergoeding|zakgeld|kleedgeld')
            -- Foster care including the pleegvergoeding is a tariff of a provider like any other.
            AND NOT regexp_matches(rijtekst, '(met|incl\w*\.?|plus|\+) (de )?pleegvergoeding') AS is_pleegvergoeding,
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

-- The index that a contract agreed by its weights of wages and prices, for every tariff after its first
-- year, by the clause (verwacht) and by the ratio (verhouding). In the first year after buying nothing is
-- settled afterwards (zonder_nacalculatie): Toelichting Contractstandaard Wmo 1.2, art. 3.2.
-- tabel: index_afspraak
SELECT
    *,
    CASE WHEN eerste_jaar THEN zonder_nacalculatie ELSE met_nacalculatie END AS verwacht,
    CASE WHEN NOT coalesce(eerste_jaar, false) THEN met_verhouding END AS verhouding
FROM (
    SELECT
        t.rij_id, c.index_weging_loon AS weging_loon, c.index_weging_materieel AS weging_materieel,
        year(c.startdatum) = year(t.begin) - 1 AS eerste_jaar,
        gewogen_index(c.index_weging_loon, c.index_weging_materieel, i.ova_voorlopig, i.ppc_voorlopig) AS zonder_nacalculatie,
        gewogen_index(c.index_weging_loon, c.index_weging_materieel, i.ova_clausule, i.ppc_clausule) AS met_nacalculatie,
        gewogen_index(c.index_weging_loon, c.index_weging_materieel, i.ova_verhouding, i.ppc_verhouding) AS met_verhouding
    FROM tarief_rij t
    JOIN basis.contract c ON c.rij_id = t.contract_rij_id AND c.index_weging_loon + c.index_weging_materieel = 100
    LEFT JOIN index_cijfers i ON i.jaar = year(t.begin)
    WHERE coalesce(year(t.begin) > year(c.startdatum), true)
);

-- The index that was applied (named, or from last year's tariff) beside the agreed one: by the clause, with
-- nothing settled afterwards, and by the ratio.
-- tabel: index_toets
SELECT
    j.*, a.weging_loon, a.weging_materieel, a.eerste_jaar, a.verwacht, a.verhouding,
    coalesce(j.genoemd, j.stijging) AS toegepast,
    CASE WHEN j.genoemd IS NOT NULL THEN abs(j.genoemd - a.verwacht) > j.tolerantie
        ELSE indexverschil(j.bedrag, j.vorig, a.verwacht) > greatest(j.speling, j.tolerantie * j.vorig) END AS wijkt_van_clausule,
    CASE WHEN j.genoemd IS NOT NULL THEN abs(j.genoemd - a.zonder_nacalculatie) > j.tolerantie
        ELSE indexverschil(j.bedrag, j.vorig, a.zonder_nacalculatie) > greatest(j.speling, j.tolerantie * j.vorig) END AS wijkt_van_voorlopig,
    coalesce(CASE WHEN j.genoemd IS NOT NULL THEN abs(j.genoemd - a.verhouding) < j.tolerantie
        ELSE indexverschil(j.bedrag, j.vorig, a.verhouding) <= j.speling END, false) AS volgt_verhouding
FROM tarief_jaarstap j
JOIN index_afspraak a ON a.rij_id = j.rij_id
WHERE a.verwacht IS NOT NULL AND coalesce(j.genoemd, j.vorig) IS NOT NULL;

-- tabel: tarief_einde
-- A tariff without a last day ends the day before the next tariff with the same key starts.
SELECT t.rij_id, coalesce(t.eind_opgegeven, r.volgend_begin - 1) AS eind
FROM tarief_rij t
LEFT JOIN (
    -- Ordered as a whole and not in partitions: with few rows per key that is much faster.
    SELECT
        sleutel, omschrijving_kaal, begin,
        CASE WHEN lead(sleutel) OVER reeks = sleutel AND lead(omschrijving_kaal) OVER reeks = omschrijving_kaal
            THEN lead(begin) OVER reeks END AS volgend_begin
    FROM (SELECT DISTINCT sleutel, omschrijving_kaal, begin FROM tarief_rij)
    WINDOW reeks AS (ORDER BY sleutel, omschrijving_kaal, begin)
) r ON r.sleutel = t.sleutel AND r.omschrijving_kaal = t.omschrijving_kaal AND r.begin = t.begin;

-- tabel: tarief
SELECT t.*, extra.* EXCLUDE (rij_id)
FROM tarief_rij t
-- Joined over few columns first: to carry all columns through every join takes longer.
LEFT JOIN (
    SELECT
        t.rij_id,
        -- The same product in the same sheet.
        concat_ws('|', t.sleutel, t.omschrijving_kaal, t.bestand, t.blad) AS blad_sleutel,
        r.eind,
        j.vorig AS tarief_vorig_jaar,
        a.verwacht AS index_afgesproken,
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
    LEFT JOIN tarief_einde r ON r.rij_id = t.rij_id
    LEFT JOIN tarief_jaarstap j ON j.rij_id = t.rij_id
    LEFT JOIN index_afspraak a ON a.rij_id = t.rij_id
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

-- Products of a contract, each with its share in the contract: by turnover per year where every tariff
-- has a volume, otherwise all products alike. Of a tariff with more years the one that holds on the peildatum.
-- tabel: lasten_product
SELECT
    contract_rij_id, product, productcode, variant, per_tijd, minuten,
    CAST(CASE WHEN naar_omzet THEN omzet / sum(omzet) OVER van ELSE 1 / count(*) OVER van END AS DECIMAL(9,6)) AS aandeel
FROM (
    SELECT *, bool_and(coalesce(omzet > 0, false)) OVER (PARTITION BY contract_rij_id) AS naar_omzet
    FROM (
        SELECT
            contract_rij_id, coalesce(productcode, omschrijving_kaal) AS product, any_value(productcode) AS productcode, variant,
            bool_and(coalesce(eenheid IN ('01', '04'), false)) AS per_tijd,
            CASE WHEN bool_and(volume IS NOT NULL) THEN sum(volume * CASE eenheid WHEN '01' THEN 1 WHEN '04' THEN 60 END) END AS minuten,
            CASE WHEN bool_and(volume > 0 AND tarief > 0) THEN sum(volume * tarief) END AS omzet
        FROM (
            SELECT
                contract_rij_id, omschrijving_kaal, any_value(productcode) AS productcode, any_value(variant) AS variant,
                any_value(eenheid) AS eenheid,
                CAST(telbaar(arg_min(tarief, nabij), 10000000) AS DECIMAL(12,4)) AS tarief,
                CAST(telbaar(arg_min(volume, nabij), 100000000) AS DECIMAL(19,4)) AS volume
            FROM (
                SELECT *, CASE WHEN begin > peildatum() THEN 100000 + (begin - peildatum()) ELSE coalesce(peildatum() - begin, 0) END AS nabij
                FROM tarief_rij
                WHERE contract_rij_id IS NOT NULL AND NOT is_pgb AND NOT is_pleegvergoeding
                    AND (productcode IS NOT NULL OR omschrijving_kaal <> '')
            )
            GROUP BY contract_rij_id, sleutel, omschrijving_kaal
        )
        GROUP BY contract_rij_id, coalesce(productcode, omschrijving_kaal), variant
    )
)
WINDOW van AS (PARTITION BY contract_rij_id);

-- What the lasten of a contract are counted with: shares of the variants, numbers per year, working time.
-- The working time is the net hours (formula 9 of the cost model: gross less leave, holidays and illness); beside
-- it stand the gross hours, since the 10% has no official denominator.
-- tabel: lasten_contract
SELECT
    *,
    -- A client has at most one line per product and month; a flow of clients times how long they stay are
    -- client months.
    CAST(CASE
        WHEN clienten_onbekend THEN maanden
        WHEN instroom_bekend AND duur IS NOT NULL THEN least(instroom * duur, CASE WHEN clienten_bekend THEN clienten * 12 ELSE instroom * duur END)
        ELSE clienten * maanden
    END AS DECIMAL(18,6)) AS regels,
    coalesce(fte_professional * minuten_per_fte, gekochte_tijd) AS tijd_professional,
    fte_backoffice * minuten_per_fte AS tijd_backoffice,
    fte_gemeente * minuten_per_fte AS tijd_gemeente,
    CAST(coalesce(fte_professional, gekochte_tijd / minuten_per_fte) AS DECIMAL(15,6)) AS fte_gerekend
FROM (
    SELECT
        * EXCLUDE (clienten_per_jaar, instroom_per_jaar, uitstroom_per_jaar, netto_opgave, netto_berekend, gekochte_minuten, declarabel,
            werkdagen_opgave, uren_per_werkdag),
        clienten_per_jaar IS NOT NULL AS clienten_bekend,
        instroom_per_jaar IS NOT NULL AS instroom_bekend,
        uitstroom_per_jaar IS NOT NULL AS uitstroom_bekend,
        coalesce(clienten_per_jaar, instroom_per_jaar) IS NULL AS clienten_onbekend,
        -- Without numbers the model counts for one client.
        coalesce(clienten_per_jaar, instroom_per_jaar, 1) AS clienten,
        coalesce(instroom_per_jaar, clienten_per_jaar, 1) AS instroom,
        CASE WHEN coalesce(clienten_per_jaar, instroom_per_jaar) IS NULL THEN 1 ELSE coalesce(uitstroom_per_jaar, instroom_per_jaar, clienten_per_jaar) END AS uitstroom,
        least(coalesce(duur, 12), 12) AS maanden,
        netto_opgave IS NOT NULL AS netto_opgegeven,
        coalesce(netto_opgave, netto_berekend) AS netto_uren,
        CAST(coalesce(netto_opgave, netto_berekend) * 60 AS DECIMAL(13,6)) AS minuten_per_fte,
        werkdagen_opgave IS NOT NULL AS werkdagen_opgegeven,
        coalesce(werkdagen_opgave, CAST(coalesce(netto_opgave, netto_berekend) / uren_per_werkdag AS DECIMAL(12,6))) AS werkdagen,
        -- Hours bought, of which net hours are more: not every net hour can be declared.
        CAST(gekochte_minuten * 100 / declarabel AS DECIMAL(24,12)) AS gekochte_tijd
    FROM (
        SELECT
            c.rij_id, c.contract_id, c.uitvoeringsvariant, c.tijdregistratie, c.ureninformatie_bron, c.cellen,
            telbaar(c.gemeten_administratietijd, 100) AS gemeten,
            p.* EXCLUDE (rij_id),
            v.bekend, v.varianten, v.gekochte_minuten, coalesce(v.deel_per_tijd, 1) AS deel_per_tijd,
            coalesce(v.inspanning, (c.uitvoeringsvariant = 'inspanningsgericht')::INTEGER) AS deel_inspanning,
            coalesce(v.output, (c.uitvoeringsvariant = 'outputgericht')::INTEGER) AS deel_output,
            coalesce(1 - v.inspanning - v.output, (c.uitvoeringsvariant = 'taakgericht')::INTEGER) AS deel_taak,
            CAST(telbaar(nullif(c.clienten_per_jaar, 0), 10000000) AS DECIMAL(19,6)) AS clienten_per_jaar,
            CAST(telbaar(nullif(c.instroom_per_jaar, 0), 10000000) AS DECIMAL(19,6)) AS instroom_per_jaar,
            CAST(telbaar(c.uitstroom_per_jaar, 10000000) AS DECIMAL(19,6)) AS uitstroom_per_jaar,
            CAST(telbaar(nullif(c.gemiddelde_duur_maanden, 0), 600) AS DECIMAL(9,4)) AS duur,
            telbaar(c.wijzigingen_per_jaar, 10000000) AS wijzigingen,
            telbaar(c.afgekeurde_regels_per_jaar, 10000000) AS afgekeurd,
            CAST(telbaar(nullif(c.fte_professional, 0), 100000) AS DECIMAL(19,6)) AS fte_professional,
            CAST(telbaar(nullif(c.fte_backoffice, 0), 100000) AS DECIMAL(19,6)) AS fte_backoffice,
            CAST(telbaar(nullif(c.fte_gemeente, 0), 100000) AS DECIMAL(19,6)) AS fte_gemeente,
            CAST(telbaar(nullif(c.werkdagen_per_fte, 0), 366) AS DECIMAL(12,6)) AS werkdagen_opgave,
            CAST(telbaar(nullif(c.netto_uren_per_fte, 0), 4000) AS DECIMAL(10,6)) AS netto_opgave
        FROM basis.contract c
        LEFT JOIN (
            SELECT
                rij_id, uren_bruto, uren_per_werkdag, declarabel, streefwaarde, uurkosten_professional, uurkosten_backoffice, achtergrond,
                CAST(CAST(uren_bruto - verlof - feestdagen AS DECIMAL(19,4)) * (100 - verzuim) * CAST(0.01 AS DECIMAL(3,2)) AS DECIMAL(10,6)) AS netto_berekend
            FROM (
                PIVOT (
                    SELECT c.rij_id, p.naam, CAST(p.waarde AS DECIMAL(10,4)) AS waarde
                    FROM basis.contract c
                    JOIN basis.parameterrij p ON (starts_with(p.naam, 'lasten_') OR starts_with(p.naam, 'kostprijs_'))
                        AND coalesce(p.sleutel, 'midden') = 'midden'
                        -- As the contract runs on the peildatum, or on its first or last day when it does not.
                        AND greatest(c.startdatum, least(peildatum(), c.einddatum)) BETWEEN coalesce(p.geldig_van, DATE '1900-01-01') AND coalesce(p.geldig_tot, DATE '2999-12-31')
                ) ON naam IN (
                    'kostprijs_uren_bruto' AS uren_bruto, 'kostprijs_verlof_uren' AS verlof, 'kostprijs_feestdag_uren' AS feestdagen,
                    'kostprijs_verzuim' AS verzuim, 'lasten_uren_per_werkdag' AS uren_per_werkdag, 'lasten_declarabel' AS declarabel,
                    'lasten_streefwaarde' AS streefwaarde, 'lasten_uurkosten_professional' AS uurkosten_professional,
                    'lasten_uurkosten_backoffice' AS uurkosten_backoffice, 'lasten_achtergrond' AS achtergrond)
                USING max(waarde)
            )
        ) p ON p.rij_id = c.rij_id
        LEFT JOIN (
            SELECT
                contract_rij_id,
                count(variant) AS bekend,
                count(DISTINCT variant) AS varianten,
                CAST(coalesce(sum(aandeel) FILTER (variant = 'inspanningsgericht'), 0) / nullif(sum(aandeel) FILTER (variant IS NOT NULL), 0) AS DECIMAL(9,6)) AS inspanning,
                CAST(coalesce(sum(aandeel) FILTER (variant = 'outputgericht'), 0) / nullif(sum(aandeel) FILTER (variant IS NOT NULL), 0) AS DECIMAL(9,6)) AS output,
                -- Of what is paid by effort, the part that is paid by the minute or hour.
                CAST(coalesce(sum(aandeel) FILTER (per_tijd AND is_inspanning), 0) / nullif(sum(aandeel) FILTER (is_inspanning), 0) AS DECIMAL(9,6)) AS deel_per_tijd,
                -- Bought time is known only where every product is paid by time and has a volume.
                CASE WHEN bool_and(per_tijd AND minuten > 0) THEN CAST(sum(minuten) AS DECIMAL(24,4)) END AS gekochte_minuten
            FROM (SELECT *, coalesce(variant, '') NOT IN ('outputgericht', 'taakgericht') AS is_inspanning FROM lasten_product)
            GROUP BY contract_rij_id
        ) v ON v.contract_rij_id = c.rij_id
    )
);

-- Every act that costs time, with its minutes per year (standaardkostenmodel, Meten is weten II, 2007: number
-- times frequency times minutes; the types leave room for the product, so nothing is rounded): the acts that each contract has (herkomst 'standaard'),
-- rows of the sheet Administratie ('blad') and time writing that only the sheet Contract asks for ('contract').
-- A row that names an act takes its place; other rows come on top. minuten_inspanning, -output and -taak say
-- what would be left with that variant. niet_geteld says why a row does not count.
-- tabel: lasten_eis
WITH rij AS MATERIALIZED (
    SELECT
        a.rij_id, c.rij_id AS contract_rij_id, a.omschrijving, a.categorie, a.grondslag, a.productcode,
        coalesce(is_lokale_grondslag(a.grondslag), false) AS eigen,
        -- What law or standard asks cannot be dropped, whatever the workbook says.
        a.vermijdbaar AND NOT coalesce(regexp_matches(lower(a.grondslag), 'wet\b|\blandelijke?\b'), false) AS vermijdbaar,
        a.vermijdbaar IS FALSE AS nodig,
        a.aandeel_professional, a.aantal_eenheden, a.aandeel_geldt, a.frequentie_per_eenheid, a.minuten_per_keer, a.minuten_herkomst,
        ' ' || coalesce(kale_tekst(a.omschrijving), '') || ' ' AS tekst,
        CASE
            WHEN regexp_matches(lower(a.categorie), 'toewijz') THEN 'toewijzing'
            WHEN regexp_matches(lower(a.categorie), 'regie') THEN 'regie'
            WHEN regexp_matches(lower(a.categorie), 'declar|factu') THEN 'declaratie'
            WHEN regexp_matches(lower(a.categorie), 'tijdschr|tijdreg|urenreg') THEN 'tijdschrijven'
            WHEN regexp_matches(lower(a.categorie), 'voortgang|evaluatie') THEN 'voortgang'
            WHEN regexp_matches(lower(a.categorie), 'herindic|verleng') THEN 'herindicatie'
            WHEN regexp_matches(lower(a.categorie), '\bkpi|kwartaal|monitor|indicator') THEN 'KPI'
            WHEN regexp_matches(lower(a.categorie), 'accountant|verantwoording|controleverkl') THEN 'accountant'
            WHEN regexp_matches(lower(a.categorie), 'gesprek|overleg') THEN 'gesprek'
            ELSE 'overig'
        END AS soort,
        CASE
            WHEN regexp_matches(lower(a.uitvoerder), 'gemeente|regio') THEN 'gemeente'
            WHEN regexp_matches(lower(a.uitvoerder), 'accountant') THEN 'accountant'
            WHEN regexp_matches(lower(a.uitvoerder), 'professional|hulpverlen|behandel|medewerker') THEN 'professional'
            WHEN regexp_matches(lower(a.uitvoerder), 'backoffice|back office|administratie|kantoor') THEN 'backoffice'
            WHEN regexp_matches(lower(a.uitvoerder), 'cli[eë]nt|ouder|jeugdige') THEN 'cliënt'
        END AS wie,
        CASE
            WHEN regexp_matches(lower(a.telleenheid), 'werkdag|medewerker|\bfte|professional') THEN 'medewerker-werkdag'
            WHEN regexp_matches(lower(a.telleenheid), 'declar|regel') THEN 'declaratieregel'
            WHEN regexp_matches(lower(a.telleenheid), 'toewijz|instroom') THEN 'toewijzing'
            WHEN regexp_matches(lower(a.telleenheid), 'uitstroom') THEN 'uitstroom'
            WHEN regexp_matches(lower(a.telleenheid), 'cli[eë]nt|jeugdige|kind') THEN 'cliënt'
            WHEN regexp_matches(lower(a.telleenheid), 'contract|aanbieder') THEN 'contract'
        END AS eigen_eenheid
    FROM basis.administratie a
    CROSS JOIN enig_contract enig
    JOIN lasten_contract c ON is_contract_van(a.contract_id, c.contract_id, c.rij_id, enig.rij_id)
    WHERE a.omschrijving IS NOT NULL
), keuze AS MATERIALIZED (
    SELECT
        r.rij_id, r.contract_rij_id,
        min(h.volgorde) FILTER ((len(list_filter(h.herkennen, lambda woord: contains(r.tekst, woord))) > 0
                AND (h.categorie = r.soort OR r.soort = 'overig' OR h.sleutel LIKE 'jw%')
                OR h.sleutel = 'tijdschrijven' AND r.soort = 'tijdschrijven')
            -- Something of its own about a message comes on top of that message.
            AND NOT (h.altijd AND r.eigen)) AS genoemd,
        min(h.volgorde) FILTER (h.categorie = r.soort) AS soortgenoot
    FROM rij r
    JOIN basis.handeling h ON h.partij = CASE r.wie WHEN 'gemeente' THEN 'gemeente' ELSE 'aanbieder' END
    GROUP BY r.rij_id, r.contract_rij_id
), regel AS (
    SELECT
        r.contract_rij_id, r.rij_id, 'blad' AS herkomst, r.omschrijving AS naam, r.soort, r.grondslag, h.sleutel,
        k.genoemd IS NOT NULL AS genoemd, r.eigen, r.wie, r.productcode,
        coalesce(r.eigen_eenheid, h.eenheid) AS eenheid,
        r.eigen_eenheid IS NOT NULL AS eigen_eenheid,
        CASE WHEN r.grondslag IS NULL THEN coalesce(h.grondslag = 'lokaal', false) ELSE r.eigen END OR coalesce(r.vermijdbaar, false) AS lokaal,
        r.nodig,
        CAST(telbaar(r.aantal_eenheden, 10000000) AS DECIMAL(15,6)) AS eigen_aantal,
        CAST(telbaar(r.aandeel_geldt, 100) AS DECIMAL(9,6)) AS deel,
        CAST(telbaar(r.frequentie_per_eenheid, 10000) AS DECIMAL(12,6)) AS eigen_keer,
        CAST(telbaar(r.minuten_per_keer, 100000) AS DECIMAL(10,3)) AS eigen_minuten,
        r.frequentie_per_eenheid IS NOT NULL AND telbaar(r.frequentie_per_eenheid, 10000) IS NULL
            OR r.minuten_per_keer IS NOT NULL AND telbaar(r.minuten_per_keer, 100000) IS NULL
            OR r.aantal_eenheden IS NOT NULL AND telbaar(r.aantal_eenheden, 10000000) IS NULL AS ongeloofwaardig,
        -- Another demand of law or standard, without minutes, is part of the act that each contract has.
        h.altijd AND k.genoemd IS NULL AND NOT r.eigen AND NOT coalesce(r.vermijdbaar, false) AND r.minuten_per_keer IS NULL AS valt_onder,
        CAST(CASE WHEN r.wie IN ('gemeente', 'accountant') THEN 0
            ELSE coalesce(telbaar(r.aandeel_professional, 100), CASE r.wie WHEN 'professional' THEN 100 WHEN 'backoffice' THEN 0 END, h.aandeel_professional, 100) END AS DECIMAL(9,6)) AS professional,
        r.minuten_herkomst, h.naam AS handeling_naam, h.volgorde,
        h.keer_inspanning, h.keer_output, h.keer_taak, h.deel_zonder_tijdseenheid, h.minuten_laag, h.minuten_midden, h.minuten_hoog
    FROM rij r
    LEFT JOIN keuze k ON k.rij_id = r.rij_id
    LEFT JOIN basis.handeling h ON h.volgorde = coalesce(k.genoemd, k.soortgenoot)
    UNION ALL BY NAME
    SELECT
        c.rij_id AS contract_rij_id, NULL AS rij_id, CASE WHEN h.altijd THEN 'standaard' ELSE 'contract' END AS herkomst,
        h.naam, h.categorie AS soort, h.grondslag, h.sleutel, true AS genoemd, NOT h.altijd AS eigen,
        CASE h.partij WHEN 'gemeente' THEN 'gemeente' END AS wie,
        h.eenheid, false AS eigen_eenheid, h.grondslag = 'lokaal' AS lokaal, false AS ongeloofwaardig, false AS valt_onder,
        h.aandeel_professional AS professional,
        CASE WHEN h.sleutel = 'jw317' THEN c.wijzigingen END AS eigen_aantal,
        -- A number of changes that is given is counted once each.
        CASE WHEN h.sleutel = 'jw317' AND c.wijzigingen IS NOT NULL AND c.deel_taak < 1 THEN 1 END AS eigen_keer,
        h.naam AS handeling_naam, h.volgorde,
        h.keer_inspanning, h.keer_output, h.keer_taak, h.deel_zonder_tijdseenheid, h.minuten_laag, h.minuten_midden, h.minuten_hoog
    FROM lasten_contract c
    CROSS JOIN basis.handeling h
    LEFT JOIN (SELECT DISTINCT contract_rij_id, genoemd FROM keuze) g ON g.contract_rij_id = c.rij_id AND g.genoemd = h.volgorde
    WHERE (h.altijd AND c.deel_inspanning IS NOT NULL OR h.sleutel = 'tijdschrijven' AND c.tijdregistratie)
        AND g.genoemd IS NULL
), getal AS (
    SELECT
        r.*, c.clienten_onbekend,
        r.eenheid NOT IN ('contract', 'medewerker-werkdag') AND c.clienten_onbekend AND r.eigen_aantal IS NULL AS per_client,
        -- Where a row is about one product, its share in the contract counts.
        coalesce(r.deel * CAST(0.01 AS DECIMAL(3,2)), CASE WHEN r.eenheid <> 'contract' AND r.eigen_aantal IS NULL THEN p.aandeel END, 1) AS deel_geldt,
        p.aandeel IS NOT NULL AND r.deel IS NULL AND r.eenheid <> 'contract' AND r.eigen_aantal IS NULL AS deel_aangenomen,
        coalesce(r.eigen_aantal, CASE r.eenheid
            WHEN 'instroom' THEN c.instroom WHEN 'toewijzing' THEN c.instroom WHEN 'uitstroom' THEN c.uitstroom
            WHEN 'cliënt' THEN c.clienten WHEN 'declaratieregel' THEN c.regels WHEN 'afgekeurde regel' THEN c.afgekeurd
            WHEN 'medewerker-werkdag' THEN c.fte_gerekend WHEN 'contract' THEN 1 END) AS basis_aantal,
        -- Time writing takes less where products are not paid by time; minutes of its own are taken as they are.
        CASE WHEN r.eigen_minuten IS NULL AND r.deel_zonder_tijdseenheid < 1
            THEN c.deel_per_tijd + (1 - c.deel_per_tijd) * r.deel_zonder_tijdseenheid ELSE 1 END AS deel_tijd,
        CASE WHEN r.eigen_keer IS NULL AND (NOT r.eigen_eenheid OR r.eenheid = 'contract' AND r.soort IN ('KPI', 'gesprek'))
            THEN coalesce(c.deel_inspanning * r.keer_inspanning + c.deel_output * r.keer_output + c.deel_taak * r.keer_taak, 0) END AS gemengd,
        -- A frequency of up to three per medewerker-werkdag is per day; a higher one is per year.
        CASE WHEN r.eenheid = 'medewerker-werkdag' AND coalesce(r.eigen_keer, 1) <= 3 THEN c.werkdagen ELSE 1 END AS dagen
    FROM regel r
    JOIN lasten_contract c ON c.rij_id = r.contract_rij_id
    LEFT JOIN (
        SELECT contract_rij_id, productcode, sum(aandeel) AS aandeel FROM lasten_product WHERE productcode IS NOT NULL GROUP BY contract_rij_id, productcode
    ) p ON p.contract_rij_id = r.contract_rij_id AND p.productcode = r.productcode
), telling AS (
    SELECT
        *,
        -- Wide, so that products do not overflow: DuckDB keeps a product of narrow decimals narrow.
        CAST(CAST(basis_aantal AS DECIMAL(24,6)) * deel_geldt AS DECIMAL(20,4)) AS aantal,
        -- What a contract asks for costs time, also where it does not fit the variant.
        CAST(dagen * coalesce(eigen_keer,
            CASE WHEN eigen_eenheid AND gemengd IS NULL THEN 1 WHEN gemengd > 0 OR herkomst = 'standaard' THEN gemengd
                ELSE greatest(keer_inspanning, keer_output, keer_taak) END) AS DECIMAL(12,6)) AS keer,
        CAST(coalesce(eigen_minuten, minuten_midden * deel_tijd) AS DECIMAL(8,2)) AS midden,
        CAST(coalesce(eigen_minuten, minuten_laag * deel_tijd) AS DECIMAL(8,2)) AS laag,
        CAST(coalesce(eigen_minuten, minuten_hoog * deel_tijd) AS DECIMAL(8,2)) AS hoog
    FROM getal
)
SELECT
    contract_rij_id, rij_id, row_number() OVER (ORDER BY coalesce(rij_id, 0), volgorde) AS nummer,
    herkomst, naam, soort, sleutel, handeling_naam, genoemd, grondslag, lokaal, lokaal AND NOT coalesce(nodig, false) AS mag_weg, eenheid, wie,
    per_client, aantal, keer, laag AS keer_minuten_laag, midden AS keer_minuten, hoog AS keer_minuten_hoog,
    CAST(CASE WHEN wie IN ('gemeente', 'accountant') THEN 0 ELSE professional * CAST(0.01 AS DECIMAL(3,2)) END AS DECIMAL(5,4)) AS deel_professional,
    CAST(CASE WHEN wie IN ('gemeente', 'accountant') THEN 0 ELSE 1 - professional * CAST(0.01 AS DECIMAL(3,2)) END AS DECIMAL(5,4)) AS deel_backoffice,
    CAST((wie IS NOT DISTINCT FROM 'gemeente')::INTEGER AS DECIMAL(5,4)) AS deel_gemeente,
    CAST((wie IS NOT DISTINCT FROM 'accountant')::INTEGER AS DECIMAL(5,4)) AS deel_accountant,
    herkomst = 'blad' AND (eigen_minuten IS NULL OR lower(minuten_herkomst) NOT LIKE '%gemeten%' IS NOT FALSE) OR herkomst <> 'blad' AS minuten_aangenomen,
    herkomst = 'blad' AND eigen_minuten IS NULL AS minuten_standaard,
    herkomst = 'blad' AND eigen_keer IS NULL AS keer_standaard,
    herkomst = 'blad' AND NOT eigen_eenheid AS eenheid_standaard,
    herkomst = 'blad' AND grondslag IS NULL AS grondslag_aangenomen,
    herkomst = 'blad' AND wie IS NULL AS wie_aangenomen,
    deel_aangenomen,
    geteld_niet AS niet_geteld,
    CASE WHEN geteld_niet IS NULL THEN aantal * keer * laag END AS minuten_laag,
    CASE WHEN geteld_niet IS NULL THEN aantal * keer * midden END AS minuten_midden,
    CASE WHEN geteld_niet IS NULL THEN aantal * keer * hoog END AS minuten_hoog,
    CASE WHEN geteld_niet IS NULL THEN aantal * CAST(CASE WHEN keer_inspanning = 0 THEN 0 WHEN gemengd IS NULL THEN keer ELSE dagen * keer_inspanning END AS DECIMAL(12,6)) * midden END AS minuten_inspanning,
    CASE WHEN geteld_niet IS NULL THEN aantal * CAST(CASE WHEN keer_output = 0 THEN 0 WHEN gemengd IS NULL THEN keer ELSE dagen * keer_output END AS DECIMAL(12,6)) * midden END AS minuten_output,
    CASE WHEN geteld_niet IS NULL THEN aantal * CAST(CASE WHEN keer_taak = 0 THEN 0 WHEN gemengd IS NULL THEN keer ELSE dagen * keer_taak END AS DECIMAL(12,6)) * midden END AS minuten_taak
FROM (
    SELECT *, CASE
        WHEN ongeloofwaardig THEN 'een getal is negatief of veel te hoog'
        WHEN wie = 'cliënt' THEN 'de cliënt doet dit zelf'
        WHEN valt_onder THEN 'valt onder: ' || handeling_naam
        WHEN midden IS NULL THEN 'het aantal minuten ontbreekt en voor deze soort eis hebben wij geen standaard'
        WHEN eenheid IS NULL THEN 'er staat niet bij waarover de eis telt (per cliënt, per contract)'
        WHEN keer IS NULL THEN 'er staat niet bij hoe vaak dit moet'
        WHEN aantal IS NULL AND eenheid = 'medewerker-werkdag' THEN 'het aantal fte professionals ontbreekt'
        WHEN aantal IS NULL AND eenheid = 'afgekeurde regel' THEN 'het aantal afgekeurde declaratieregels ontbreekt'
        WHEN aantal IS NULL THEN 'het aantal ontbreekt'
    END AS geteld_niet
    FROM telling
);

-- Minutes per year of a contract, per party, of everything and of what is local or avoidable: with few (laag),
-- ordinary (midden) and many minutes (hoog), and what would be left with another variant.
-- tabel: lasten_som
SELECT
    contract_rij_id, replace(scenario, 'minuten_', '') AS scenario,
    CAST(sum(minuten * deel_professional) FILTER (NOT per_client) AS DECIMAL(28,8)) AS professional,
    CAST(sum(minuten * deel_professional) FILTER (NOT per_client AND lokaal) AS DECIMAL(28,8)) AS professional_lokaal,
    CAST(sum(minuten * deel_backoffice) FILTER (NOT per_client) AS DECIMAL(28,8)) AS backoffice,
    CAST(sum(minuten * deel_backoffice) FILTER (NOT per_client AND lokaal) AS DECIMAL(28,8)) AS backoffice_lokaal,
    CAST(sum(minuten * deel_gemeente) FILTER (NOT per_client) AS DECIMAL(28,8)) AS gemeente,
    CAST(sum(minuten * deel_gemeente) FILTER (NOT per_client AND lokaal) AS DECIMAL(28,8)) AS gemeente_lokaal,
    CAST(sum(minuten * deel_accountant) FILTER (NOT per_client) AS DECIMAL(28,8)) AS accountant,
    CAST(sum(minuten * (deel_professional + deel_backoffice)) FILTER (per_client) AS DECIMAL(28,8)) AS van_een_client
FROM (
    UNPIVOT (SELECT * FROM lasten_eis) ON minuten_laag, minuten_midden, minuten_hoog, minuten_inspanning, minuten_output, minuten_taak INTO NAME scenario VALUE minuten
)
GROUP BY contract_rij_id, scenario;

-- tabel: contract_verlenging
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
) WHERE tekst IS NOT NULL;

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
    coalesce(v.met_inspanning, c.uitvoeringsvariant = 'inspanningsgericht') AS met_inspanning,
    -- Minutes of administration that this contract asks per year, and the working time; NULL when not known.
    l.professional AS lasten_professional, l.professional_lokaal AS lasten_professional_lokaal, k.tijd_professional AS lasten_professional_tijd,
    l.backoffice AS lasten_backoffice, k.tijd_backoffice AS lasten_backoffice_tijd,
    l.gemeente AS lasten_gemeente, k.tijd_gemeente AS lasten_gemeente_tijd,
    -- Rounded, to show; rules compare the minutes.
    CAST(100 * l.professional / k.tijd_professional AS DECIMAL(18,2)) AS lasten_professional_aandeel,
    CAST(100 * l.backoffice / k.tijd_backoffice AS DECIMAL(18,2)) AS lasten_backoffice_aandeel,
    CAST(100 * l.gemeente / k.tijd_gemeente AS DECIMAL(18,2)) AS lasten_gemeente_aandeel
FROM basis.contract c
LEFT JOIN lasten_contract k ON k.rij_id = c.rij_id
LEFT JOIN lasten_som l ON l.contract_rij_id = c.rij_id AND l.scenario = 'midden' AND NOT k.clienten_onbekend
LEFT JOIN contract_variant v ON v.contract_rij_id = c.rij_id AND v.productcode IS NULL
LEFT JOIN contract_verlenging o ON o.rij_id = c.rij_id;

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

-- The cost model. Its formulas stand in rules/modellen/reeel_tarief.yaml, each with its source; a
-- part that says {model: NAME} is written from there by tables/costmodel.py.

-- vaste tabel: kostprijs_parameter
{model: parameter};

-- A row of the cost price: a function with a salary, or a fixed amount per year.
-- tabel: kostprijs_rij
SELECT
    * EXCLUDE (aandeel, fte),
    min(rij_id) OVER product AS product_nr,
    -- A product with one function needs no share, and a caseload is by itself that of one fte.
    coalesce(aandeel, CASE WHEN count(*) FILTER (is_functie) OVER product = 1 THEN 100 END) AS aandeel,
    coalesce(fte, CASE WHEN vorm IN ('maand', 'pleegzorg') AND count(*) FILTER (is_functie) OVER product = 1 THEN 1 END) AS fte,
    least(greatest(coalesce(basisjaar, jaar_of_afgeleid), 2015), 2050) AS prijspeil,
    CASE
        WHEN index_percentage IS NOT NULL THEN index_percentage
        WHEN coalesce(basisjaar, jaar_of_afgeleid) >= jaar_of_afgeleid THEN 0
        WHEN jaar_of_afgeleid - basisjaar <= 3 THEN keten_index
    END AS index
FROM (
    SELECT
        r.* EXCLUDE (productcode_rij, omschrijving_rij),
        -- 100 * ((1 + i1) * (1 + i2) * (1 + i3) - 1), from the first year after the price level on.
        maal(maal(vast(100 + i1.advies), vast(CASE WHEN jaar_of_afgeleid - basisjaar >= 2 THEN 1 + i2.advies * 0.01 ELSE 1 END)),
            vast(CASE WHEN jaar_of_afgeleid - basisjaar >= 3 THEN 1 + i3.advies * 0.01 ELSE 1 END)) - 100 AS keten_index
    FROM (
        SELECT
            o.*,
            product_naam(o.productcode, o.omschrijving) AS product_naam,
            CASE WHEN o.productcode IS NULL THEN kale_tekst(o.omschrijving) END AS omschrijving_sleutel,
            -- In a mix the level belongs to the function; without a mix to the product.
            CASE WHEN coalesce(o.aandeel, 100) >= 100 THEN o.niveau END AS niveau_sleutel,
            coalesce(o.jaar, year(c.startdatum), year(peildatum())) AS jaar_of_afgeleid,
            make_date(coalesce(o.jaar, year(c.startdatum), year(peildatum())), 1, 1) AS toetsdatum,
            c.rij_id AS contract_rij_id,
            coalesce(c.rij_id::VARCHAR, concat_ws('|', o.bestand, o.contract_id)) AS contract_sleutel,
            is_deelsubsidie(c.contractvorm, c.volledige_bekostiging) AS buiten_besluit,
            o.jaarbedrag IS NULL OR o.bruto_maandloon IS NOT NULL AS is_functie,
            CASE
                WHEN regexp_matches(lower(o.element), 'beroep|loon|personeel') THEN 'beroepskrachten'
                WHEN contains(lower(o.element), 'overhead') THEN 'overhead'
                ELSE 'clientgebonden'
            END AS element_groep,
            CASE
                WHEN regexp_matches(lower(o.declarabel), 'indirect') THEN 0
                WHEN regexp_matches(lower(o.declarabel), 'direct|contact') THEN 1
                -- In the jeugd-ggz direct and indirect time both count (docplayer 14686406).
                WHEN o.declarabel IS NULL AND left(o.productcode, 2) = '54' THEN 0
            END AS alleen_direct,
            o.overhead_percentage AS overhead,
            CASE
                WHEN regexp_matches(lower(o.overhead_vorm), 'opslag') THEN 0
                WHEN regexp_matches(lower(o.overhead_vorm), 'aandeel|deel') THEN 1
            END AS overhead_is_aandeel,
            CASE
                WHEN regexp_matches(lower(o.overhead_grondslag), 'alle|totaal|totale|geheel') THEN 1
                WHEN regexp_matches(lower(o.overhead_grondslag), 'loon|personeel|beroep') THEN 0
            END AS overhead_over_alles,
            CASE
                WHEN regexp_matches(lower(o.profiel), 'bescherm|reclass|\bj[br]\b') THEN 'maand'
                WHEN regexp_matches(lower(o.profiel), 'pleeg') THEN 'pleegzorg'
                WHEN regexp_matches(lower(o.profiel), 'gezinshui') THEN 'etmaal'
                WHEN o.caseload IS NOT NULL AND left(o.productcode, 2) IN ('47', '48') THEN 'maand'
                WHEN o.caseload IS NOT NULL AND (o.pleegvergoeding IS NOT NULL OR contains(lower(o.omschrijving), 'pleeg')) THEN 'pleegzorg'
                WHEN coalesce(o.eenheid, t.eenheid) IN ('01', '04') THEN 'uur'
                WHEN coalesce(o.eenheid, t.eenheid) = '16' THEN 'dagdeel'
                WHEN coalesce(o.eenheid, t.eenheid) IN ('14', 'dag') THEN 'etmaal'
                WHEN coalesce(o.eenheid, t.eenheid) IN ('82', '84', 'stuks') THEN 'stuks'
                WHEN o.eenheid = 'maand' THEN 'maand'
                WHEN o.eenheid IS NOT NULL THEN NULL
                WHEN o.groepsgrootte IS NOT NULL THEN 'dagdeel'
                WHEN o.plaatsen IS NOT NULL THEN 'etmaal'
                WHEN o.aantal_stuks IS NOT NULL THEN 'stuks'
                WHEN o.aandeel IS NOT NULL THEN 'uur'
            END AS vorm
        FROM (
            SELECT
                b.* EXCLUDE (productcode, omschrijving, aandeel, fte),
                b.productcode AS productcode_rij, b.omschrijving AS omschrijving_rij,
                -- A row without code and name goes on with the product above it.
                CASE WHEN coalesce(b.productcode, b.omschrijving) IS NULL
                    THEN last_value(b.productcode IGNORE NULLS) OVER boven ELSE b.productcode END AS productcode,
                CASE WHEN coalesce(b.productcode, b.omschrijving) IS NULL
                    THEN last_value(b.omschrijving IGNORE NULLS) OVER boven ELSE b.omschrijving END AS omschrijving,
                b.aandeel, b.fte
            FROM basis.kostprijs b
            WINDOW boven AS (PARTITION BY b.bestand, b.blad ORDER BY b.rij_id ROWS UNBOUNDED PRECEDING)
        ) o
        CROSS JOIN enig_contract enig
        LEFT JOIN basis.contract c ON is_contract_van(o.contract_id, c.contract_id, c.rij_id, enig.rij_id)
        -- The unit of the product in the list of tariffs, where all its tariffs have the same.
        LEFT JOIN (
            SELECT productcode, min(eenheid) AS eenheid FROM tarief_rij WHERE productcode IS NOT NULL
            GROUP BY productcode HAVING min(eenheid) = max(eenheid)
        ) t ON t.productcode = o.productcode AND o.eenheid IS NULL
    ) r
    LEFT JOIN index_per_jaar i1 ON i1.jaar = r.basisjaar + 1
    LEFT JOIN index_per_jaar i2 ON i2.jaar = r.basisjaar + 2
    LEFT JOIN index_per_jaar i3 ON i3.jaar = r.basisjaar + 3
)
WINDOW product AS (PARTITION BY contract_sleutel, lower(productcode), omschrijving_sleutel, lower(niveau_sleutel), vorm, jaar);

-- What the rows of a product say of it together.
-- tabel: kostprijs_product
{model: product};

-- Salary and charges of every function in the cheapest, middle and dearest case (scenario).
-- tabel: kostprijs_functie
{model: functions};

-- Every step from salary to tariff of every product in the cheapest, middle and dearest case.
-- tabel: kostprijs_uitkomst
{model: outcome};

-- The tariff of every product when one uncertain figure is at its cheap or dear end.
-- tabel: kostprijs_gevoeligheid
{model: sensitivity};

-- The salary tables that the workbook gives; an amount without last day ends before the next of its step.
-- tabel: caoschaal
SELECT
    c.*,
    peildatum() AS toetsdatum,
    cao_kern(c.cao) AS cao_kern, cao_kern(c.schaal) AS schaal_kern, cao_kern(c.trede) AS trede_kern,
    coalesce(c.geldig_tot, (
        SELECT min(n.geldig_van) - 1 FROM basis.caoschaal n
        WHERE cao_kern(n.cao) = cao_kern(c.cao) AND cao_kern(n.schaal) = cao_kern(c.schaal)
            AND cao_kern(n.trede) IS NOT DISTINCT FROM cao_kern(c.trede)
            AND n.geldig_van > coalesce(c.geldig_van, DATE '1900-01-01'))) AS eind
FROM basis.caoschaal c;

-- The salary that a function has at least by those tables on the first day of its price level: of its
-- step, or of the lowest step of the scale when the step is not given or not in the table.
-- tabel: kostprijs_caoloon
SELECT
    r.rij_id,
    coalesce(min(c.bedrag) FILTER (c.trede_kern = cao_kern(r.trede)), min(c.bedrag)) AS cao_minimum,
    arg_min(c.cellen['bedrag'], c.bedrag) AS cao_cel,
    cao_kern(r.trede) IS NOT NULL AND NOT coalesce(bool_or(c.trede_kern = cao_kern(r.trede)), false) AS trede_onbekend
FROM kostprijs_rij r
JOIN caoschaal c ON c.cao_kern = cao_kern(r.cao) AND c.schaal_kern = cao_kern(r.schaal)
    AND make_date(r.prijspeil, 1, 1) BETWEEN coalesce(c.geldig_van, DATE '1900-01-01') AND coalesce(c.eind, DATE '2999-12-31')
WHERE r.is_functie AND c.bedrag > 0
GROUP BY r.rij_id, r.trede;

-- tabel: kostprijs
SELECT
    r.* EXCLUDE (keten_index, index),
    r.rij_id = r.product_nr AS is_eerste,
    cao.cao_minimum,
    -- The lowest legal amount per day in the year of the price level.
    (SELECT min(n.bedrag) FROM pleegvergoeding_bedrag n
        WHERE n.per = 'dag' AND make_date(r.prijspeil, 1, 1) BETWEEN n.geldig_van AND n.geldig_tot) AS pleegvergoeding_bedrag,
    p.aantal_functies, p.som_aandeel,
    {model: contradiction r p} AS tegenspraak,
    f.brutoloon, f.loonkosten,
    -- Premiums and pension together, as part of the gross salary.
    100 * (f.premies_bedrag + f.pensioen_bedrag + f.werkgeverslasten_bedrag) AS lasten_keer_100,
    u.netto_uren, u.clientgebonden_uren, u.declarabele_uren, u.kostprijs,
    u.loonkosten_eenheid, u.overhead_eenheid,
    round(u.tarief_onafgerond, 2) AS tarief_midden,
    round(l.tarief_onafgerond, 2) AS tarief_laag,
    round(h.tarief_onafgerond, 2) AS tarief_hoog
FROM kostprijs_rij r
JOIN kostprijs_product p ON p.rij_id = r.product_nr
LEFT JOIN kostprijs_caoloon cao ON cao.rij_id = r.rij_id
LEFT JOIN kostprijs_functie f ON f.rij_id = r.rij_id AND f.scenario = 'midden'
LEFT JOIN kostprijs_uitkomst u ON u.product_nr = r.product_nr AND u.scenario = 'midden'
LEFT JOIN kostprijs_uitkomst l ON l.product_nr = r.product_nr AND l.scenario = 'laag'
LEFT JOIN kostprijs_uitkomst h ON h.product_nr = r.product_nr AND h.scenario = 'hoog';

-- Every product of the cost price with its tariff in the three cases, or what it still needs (mist).
-- tabel: kostprijs_tarief
SELECT
    p.*, m.kostprijs, m.tarief_onafgerond AS midden, l.tarief_onafgerond AS laag, h.tarief_onafgerond AS hoog,
    list_concat(
        CASE WHEN p.vorm IS NULL THEN ['eenheid'] ELSE [] END,
        CASE WHEN p.aantal_functies = 0 AND p.posten_beroepskrachten = 0 THEN ['bruto maandloon'] ELSE [] END,
        coalesce(f.mist, []), coalesce({model: missing m}, []),
        -- Figures with which nothing can be computed: nothing to divide by, or overhead that is all.
        CASE WHEN m.eenheden <= 0 OR p.vorm IN ('uur', 'dagdeel', 'stuks') AND m.clientgebonden_uren <= 0
            THEN ['andere uren, plaatsen of aantallen: nu blijft er niets over om door te delen'] ELSE [] END,
        CASE WHEN m.tarief_onafgerond <= 0 AND m.eenheden > 0 THEN ['andere cijfers: nu is het tarief nul of lager'] ELSE [] END,
        CASE WHEN m.overhead >= 100 AND m.overhead_is_aandeel = 1 THEN ['een overhead onder 100%'] ELSE [] END) AS mist,
    {model: uncounted m p} AS niet_meegeteld
FROM kostprijs_product p
LEFT JOIN kostprijs_uitkomst m ON m.product_nr = p.rij_id AND m.scenario = 'midden'
LEFT JOIN kostprijs_uitkomst l ON l.product_nr = p.rij_id AND l.scenario = 'laag'
LEFT JOIN kostprijs_uitkomst h ON h.product_nr = p.rij_id AND h.scenario = 'hoog'
LEFT JOIN (
    SELECT product_nr, {model: missing_function} AS mist FROM kostprijs_functie WHERE scenario = 'midden' GROUP BY product_nr
) f ON f.product_nr = p.rij_id;

-- A build-up in amounts or percentages as a tariff: the sum of its elements, or, where overhead is a
-- percentage, wage costs through productivity with overhead as a surcharge (low) or a share (high) when
-- its definition is missing. ECLI:NL:RBDHA:2019:11096 was about exactly that.
-- tabel: opbouw_tarief
SELECT
    rij_id, contract_rij_id, productcode, omschrijving, niveau, eenheid, jaar, tarief, buiten_besluit, product_naam,
    coalesce(som_elementen, CASE WHEN zonder_overhead IS NOT NULL THEN
        maal(zonder_overhead + maal(loon, CASE WHEN is_aandeel THEN deel(oh, 100 - oh) ELSE deel(oh, vast(100)) END), vast(1 + coalesce(ix, 0) * 0.01)) + coalesce(risico_marge, 0) END) AS laag,
    coalesce(som_elementen, CASE WHEN zonder_overhead IS NOT NULL THEN
        maal(zonder_overhead + maal(loon, CASE WHEN is_opslag THEN deel(oh, vast(100)) ELSE deel(oh, 100 - oh) END), vast(1 + coalesce(ix, 0) * 0.01)) + coalesce(risico_marge, 0) END) AS hoog,
    overhead_percentage IS NOT NULL AND som_elementen IS NULL AND NOT is_opslag AND NOT is_aandeel AS vorm_onbekend
FROM (
    SELECT
        *,
        vast(overhead_percentage) AS oh,
        coalesce(indexering * 0, index_percentage) AS ix,
        -- A percentage of overhead needs wages, brought to productive hours when a productivity is given.
        CASE WHEN productiviteit IS NULL THEN vast(kosten_beroepskrachten) ELSE deel(vast(kosten_beroepskrachten * 100), vast(productiviteit)) END AS loon,
        CASE WHEN overhead_percentage IS NOT NULL AND overhead_percentage < 100 THEN
            CASE WHEN productiviteit IS NULL THEN vast(kosten_beroepskrachten) ELSE deel(vast(kosten_beroepskrachten * 100), vast(productiviteit)) END
            + vast(coalesce(overige_clientgebonden, 0) + coalesce(indexering, 0)) END AS zonder_overhead,
        coalesce(regexp_matches(lower(percentage_definitie), 'opslag'), false) AS is_opslag,
        coalesce(regexp_matches(lower(percentage_definitie), 'aandeel|deel van') AND NOT regexp_matches(lower(percentage_definitie), 'opslag'), false) AS is_aandeel
    FROM tariefopbouw
);

-- An offered tariff beside the recomputed one: below the band (onder), in it (binnen) or above it
-- (boven). A pgb or pleegvergoeding is no tariff of a provider. Per hour where tariffs are per minute.
-- tabel: tarief_toets
SELECT
    *,
    CASE WHEN oordeel = 'onder' THEN laag - aangeboden END AS tekort,
    CASE WHEN oordeel = 'onder' THEN round((laag - aangeboden) * volume, 2) END AS tekort_jaar
FROM (
    SELECT
        *,
        CASE
            WHEN reden IS NOT NULL THEN NULL
            WHEN aangeboden < laag - speling THEN 'onder'
            WHEN aangeboden > hoog + speling THEN 'boven'
            ELSE 'binnen'
        END AS oordeel
    FROM (
        SELECT
            rij_id, bron, bron_nr, vorm, per_minuut, aangeboden, volume, niet_meegeteld, vorm_onbekend,
            -- A tariff per minute is the hour through 60 (IV081), rounded once.
            CASE WHEN per_minuut THEN round(deel(vast(laag), vast(60)), 2) ELSE round(laag, 2) END AS laag,
            CASE WHEN per_minuut THEN round(deel(vast(midden), vast(60)), 2) ELSE round(midden, 2) END AS midden,
            CASE WHEN per_minuut THEN round(deel(vast(hoog), vast(60)), 2) ELSE round(hoog, 2) END AS hoog,
            -- A tariff per hour that is 60 times whole cents may have been rounded per minute.
            CASE WHEN eenheid = '04' AND aangeboden % 0.60 = 0 THEN afronding ELSE 0 END AS speling,
            CASE
                WHEN bron IS NULL THEN 'Er is geen kostprijs of opbouw van dit product. Vul het blad Kostprijs in, of geef lonen met --invoer.'
                WHEN len(mist) > 0 THEN 'Vul in bij de kostprijs: ' || array_to_string(mist, ', ') || '.'
                WHEN laag IS NULL OR hoog IS NULL THEN 'De opbouw heeft te weinig bedragen om na te rekenen.'
            END AS reden
        FROM (
            SELECT
                t.rij_id, t.eenheid, t.tarief AS aangeboden, t.volume, t.eenheid IS NOT DISTINCT FROM '01' AS per_minuut,
                (SELECT max(afronding_uurtarief) FROM index_per_jaar) AS afronding,
                CASE WHEN k.rij_id IS NOT NULL AND (len(k.mist) = 0 OR o.rij_id IS NULL) THEN 'kostprijs'
                    WHEN o.rij_id IS NOT NULL THEN 'tariefopbouw' END AS bron,
                CASE WHEN bron = 'kostprijs' THEN k.rij_id ELSE o.rij_id END AS bron_nr,
                CASE WHEN bron = 'kostprijs' THEN k.vorm END AS vorm,
                CASE WHEN bron = 'kostprijs' THEN k.laag ELSE o.laag * o.factor END AS laag,
                CASE WHEN bron = 'kostprijs' THEN k.midden ELSE o.laag * o.factor END AS midden,
                CASE WHEN bron = 'kostprijs' THEN k.hoog ELSE o.hoog * o.factor END AS hoog,
                CASE WHEN bron = 'kostprijs' THEN k.mist ELSE [] END AS mist,
                CASE WHEN bron = 'kostprijs' THEN k.niet_meegeteld ELSE [] END AS niet_meegeteld,
                bron = 'tariefopbouw' AND coalesce(o.vorm_onbekend, false) AS vorm_onbekend
            FROM tarief_rij t
            LEFT JOIN (
                -- The closest description of each tariff: with its level and its year first.
                SELECT t.rij_id AS tarief_nr, arg_min(k.rij_id, row(len(k.mist) > 0, k.niveau IS NULL, k.jaar IS NULL, k.rij_id)) AS nr
                FROM tarief_rij t
                JOIN kostprijs_tarief k ON k.contract_sleutel = t.contract_sleutel
                    AND (lower(k.productcode) = lower(t.productcode)
                        OR k.productcode IS NULL AND kale_tekst(k.omschrijving) = t.omschrijving_kaal AND t.omschrijving_kaal <> '')
                    AND (k.niveau IS NULL OR t.niveau_of_afgeleid IS NULL OR lower(k.niveau) = t.niveau_of_afgeleid)
                    AND (k.jaar IS NULL OR t.begin IS NULL OR k.jaar = year(t.begin))
                    AND CASE k.vorm WHEN 'uur' THEN t.eenheid IN ('01', '04') WHEN 'dagdeel' THEN t.eenheid = '16'
                        WHEN 'etmaal' THEN t.eenheid = '14' WHEN 'pleegzorg' THEN t.eenheid = '14'
                        WHEN 'stuks' THEN t.eenheid IN ('82', '84') OR t.eenheid_gelezen = 'stuks'
                        WHEN 'maand' THEN t.eenheid IN ('82', '84') OR t.eenheid_gelezen IN ('stuks', 'maand') ELSE true END
                GROUP BY t.rij_id
            ) beste ON beste.tarief_nr = t.rij_id
            LEFT JOIN kostprijs_tarief k ON k.rij_id = beste.nr
            LEFT JOIN (
                SELECT
                    o.*, t.rij_id AS tarief_nr,
                    CASE WHEN o.eenheid = '01' THEN 60 ELSE 1 END AS factor,
                    row_number() OVER (PARTITION BY t.rij_id ORDER BY o.niveau IS NULL, o.jaar IS NULL, o.rij_id) AS volgorde
                FROM tarief_rij t
                JOIN opbouw_tarief o ON o.contract_rij_id IS NOT DISTINCT FROM t.contract_rij_id
                    AND (lower(o.productcode) = lower(t.productcode)
                        OR o.productcode IS NULL AND kale_tekst(o.omschrijving) = t.omschrijving_kaal AND t.omschrijving_kaal <> '')
                    AND (o.niveau IS NULL OR t.niveau_of_afgeleid IS NULL OR lower(o.niveau) = t.niveau_of_afgeleid)
                    AND (o.jaar IS NULL OR t.begin IS NULL OR o.jaar BETWEEN year(t.begin) AND coalesce(year(t.eind_opgegeven), o.jaar))
                    AND (o.eenheid IS NULL OR t.eenheid IS NULL OR o.eenheid = t.eenheid
                        OR o.eenheid IN ('01', '04') AND t.eenheid IN ('01', '04'))
            ) o ON o.tarief_nr = t.rij_id AND o.volgorde = 1
            WHERE t.tarief > 0 AND NOT t.is_pgb AND (NOT t.is_pleegvergoeding OR beste.nr IS NOT NULL) AND t.eenheid IS DISTINCT FROM '83'
        )
    )
);

-- The same for a build-up or cost price whose product is in no list of tariffs: the tariff that stands
-- with it beside what follows from it.
-- tabel: opbouw_toets
SELECT
    *,
    CASE WHEN oordeel = 'onder' THEN laag - aangeboden END AS tekort
FROM (
    SELECT
        *,
        CASE
            WHEN laag IS NULL OR hoog IS NULL OR reden IS NOT NULL THEN NULL
            WHEN aangeboden < laag - speling THEN 'onder'
            WHEN aangeboden > hoog + speling THEN 'boven'
            ELSE 'binnen'
        END AS oordeel
    FROM (
        SELECT
            'tariefopbouw' AS bron, o.rij_id, o.productcode, o.omschrijving, o.niveau, o.jaar, o.eenheid, o.vorm_onbekend,
            o.tarief AS aangeboden, round(o.laag, 2) AS laag, round(o.laag, 2) AS midden, round(o.hoog, 2) AS hoog,
            CASE WHEN o.laag IS NULL OR o.hoog IS NULL THEN 'De opbouw heeft te weinig bedragen om na te rekenen.' END AS reden,
            [] AS niet_meegeteld,
            CASE WHEN o.eenheid = '04' AND o.tarief % 0.60 = 0 THEN (SELECT max(afronding_uurtarief) FROM index_per_jaar) ELSE 0 END AS speling
        FROM opbouw_tarief o
        WHERE o.tarief > 0 AND NOT EXISTS (
            SELECT 1 FROM tarief_rij t WHERE t.productcode = o.productcode AND t.contract_rij_id IS NOT DISTINCT FROM o.contract_rij_id)
        UNION ALL
        SELECT
            'kostprijs', k.rij_id, k.productcode, k.omschrijving, k.niveau, k.jaar_of_afgeleid, k.eenheid, false, k.tarief,
            CASE WHEN k.eenheid IS NOT DISTINCT FROM '01' THEN round(deel(k.laag, vast(60)), 2) ELSE round(k.laag, 2) END,
            CASE WHEN k.eenheid IS NOT DISTINCT FROM '01' THEN round(deel(k.midden, vast(60)), 2) ELSE round(k.midden, 2) END,
            CASE WHEN k.eenheid IS NOT DISTINCT FROM '01' THEN round(deel(k.hoog, vast(60)), 2) ELSE round(k.hoog, 2) END,
            CASE WHEN len(k.mist) > 0 THEN 'Vul in bij de kostprijs: ' || array_to_string(k.mist, ', ') || '.' END,
            k.niet_meegeteld,
            CASE WHEN k.eenheid = '04' AND k.tarief % 0.60 = 0 THEN (SELECT max(afronding_uurtarief) FROM index_per_jaar) ELSE 0 END
        FROM kostprijs_tarief k
        WHERE k.tarief > 0 AND NOT EXISTS (
            SELECT 1 FROM tarief_rij t WHERE t.productcode = k.productcode AND t.contract_sleutel = k.contract_sleutel)
    )
);

-- What explains most of a tariff outside the band. First the elements of its own build-up beside those
-- of the cost price; without a build-up the uncertain figure that moves the tariff most that way.
-- tabel: tarief_verklaring
SELECT
    rij_id,
    arg_max(naam, row(bron = 'opbouw', verschil, naam)) AS naam,
    arg_max(bron, row(bron = 'opbouw', verschil, naam)) AS bron,
    arg_max(verschil, row(bron = 'opbouw', verschil, naam)) AS verschil
FROM (
    SELECT t.rij_id, 'opbouw' AS bron, e.naam, CASE WHEN t.oordeel = 'onder' THEN 1 ELSE -1 END * e.verschil AS verschil
    FROM tarief_toets t
    JOIN tarief_rij r ON r.rij_id = t.rij_id
    JOIN kostprijs_uitkomst u ON u.product_nr = t.bron_nr AND u.scenario = 'midden'
    JOIN tariefopbouw o ON o.productcode = r.productcode AND o.contract_rij_id IS NOT DISTINCT FROM r.contract_rij_id
        AND o.som_elementen IS NOT NULL AND o.eenheid IS NOT DISTINCT FROM r.eenheid
    CROSS JOIN (SELECT unnest([
        {'naam': 'loonkosten_eenheid', 'verschil': u.loonkosten_eenheid - o.kosten_beroepskrachten},
        {'naam': 'overige_eenheid', 'verschil': u.overige_eenheid + u.huisvesting_eenheid - o.overige_clientgebonden},
        {'naam': 'overhead_eenheid', 'verschil': u.overhead_eenheid - o.overhead},
        {'naam': 'indexering_bedrag', 'verschil': u.indexering_bedrag - o.indexering},
        {'naam': 'risico_bedrag', 'verschil': u.risico_bedrag - coalesce(o.risico_marge, 0)}], recursive := true)) e
    WHERE t.bron = 'kostprijs' AND t.oordeel IN ('onder', 'boven')
    UNION ALL
    SELECT t.rij_id, 'gevoeligheid', substr(g.scenario, 2),
        CASE WHEN t.oordeel = 'onder' THEN m.tarief_onafgerond - g.tarief_onafgerond ELSE g.tarief_onafgerond - m.tarief_onafgerond END
    FROM tarief_toets t
    JOIN kostprijs_uitkomst m ON m.product_nr = t.bron_nr AND m.scenario = 'midden'
    JOIN kostprijs_gevoeligheid g ON g.product_nr = t.bron_nr
        AND left(g.scenario, 1) = CASE WHEN t.oordeel = 'onder' THEN '-' ELSE '+' END
    WHERE t.bron = 'kostprijs' AND t.oordeel IN ('onder', 'boven')
)
WHERE verschil > 0
GROUP BY rij_id;

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
CROSS JOIN (SELECT (SELECT count(*) FROM basis.tariefopbouw) + (SELECT count(*) FROM basis.kostprijs) AS aantal_opbouw) o
CROSS JOIN (SELECT count(*) AS aantal_eisen FROM basis.administratie) a;
