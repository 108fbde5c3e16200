-- What is derived from the base tables, and shared by rules. Each formula stands once, here, with
-- its source.
--
-- Base tables (schema basis) say what the files say. Rules see the tables below (schema main): they
-- carry the same names and columns, with derived columns added. They are computed once per input, in
-- this order, and not kept as views: every rule would compute a view anew.
--
-- First macros; then, after each line "-- tabel: NAME", the SELECT that fills that table.

CREATE MACRO peildatum() AS (SELECT min(datum) FROM basis.peildatum);

-- Plain comparison text: lower case, single spaces, no leading or trailing blanks.
CREATE MACRO kale_tekst(t) AS trim(regexp_replace(lower(t), '[^a-z0-9à-ÿ]+', ' ', 'g'));

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

-- Weight of care in a text, from 1 (licht) to 5 (extra zwaar).
CREATE MACRO zwaarte_in(t) AS CASE
    WHEN regexp_matches(lower(t), '\bextra[ -]?zwaar\b|\bzeer zwaar\b') THEN 5
    WHEN regexp_matches(lower(t), '\bmiddel[ -]?zwaar\b') THEN 3
    WHEN regexp_matches(lower(t), '\bzwaar\b|\bzware\b') THEN 4
    WHEN regexp_matches(lower(t), '\bmiddel\b|\bmidden\b|\bmiddelmatig\b') THEN 2
    WHEN regexp_matches(lower(t), '\blicht\b|\blichte\b') THEN 1
END;

CREATE MACRO zonder_zwaarte(t) AS kale_tekst(regexp_replace(lower(t),
    '\b(extra[ -]?zwaar|zeer zwaar|middel[ -]?zwaar|zwaar|zware|middelmatig|middel|midden|lichte|licht)\b',
    ' ', 'g'));

-- Degree of specialism in a text: 1 regulier, 2 specialistisch, 3 hoogspecialistisch.
CREATE MACRO specialisme_in(t) AS CASE
    WHEN regexp_matches(lower(t), 'hoog[ -]?specialistisch|hoogcomplex') THEN 3
    WHEN regexp_matches(lower(t), '\bspecialistisch|\bgespecialiseerd') THEN 2
    WHEN regexp_matches(lower(t), '\bregulier|\bbasis\b|\bgeneralistisch') THEN 1
END;

CREATE MACRO zonder_specialisme(t) AS kale_tekst(regexp_replace(lower(t),
    'hoog[ -]?specialistisch[e]?|\bspecialistisch[e]?\b|\bgespecialiseerd[e]?\b|\breguliere?\b|\bbasis\b|\bgeneralistische?\b',
    ' ', 'g'));

-- Level of the professional named in a text: mbo, hbo or wo.
CREATE MACRO niveau_in(t) AS nullif(regexp_extract(lower(t), '\b(mbo|hbo|wo)(\b|[+-])', 1), '');

-- Does a row belong to this contract? By its number, or because there is only one contract.
CREATE MACRO is_contract_van(eigen_nummer, contractnummer, contract_rij) AS CASE
    WHEN eigen_nummer IS NOT NULL THEN contractnummer = eigen_nummer
    ELSE contract_rij = (SELECT rij_id FROM enig_contract) END;

-- tabel: enig_contract
SELECT CASE WHEN count(*) = 1 THEN min(rij_id) END AS rij_id FROM basis.contract;

-- A tariff with what the contract and the standaardproductcodelijst say of it. A tariff without a
-- last day ends the day before the next tariff with the same key starts.
-- tabel: tarief
SELECT
    *,
    coalesce(eind_opgegeven,
        min(begin) OVER (PARTITION BY sleutel, omschrijving_kaal ORDER BY begin
            RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND UNBOUNDED FOLLOWING) - 1) AS eind
FROM (
    SELECT
        t.* EXCLUDE (uitvoeringsvariant, eenheid, productcategorie),
        t.uitvoeringsvariant AS uitvoeringsvariant_regel,
        c.rij_id AS contract_rij_id,
        c.startdatum AS contract_startdatum,
        c.einddatum AS contract_einddatum,
        c.uitvoeringsvariant AS contract_uitvoeringsvariant,
        c.inkoopschaal AS inkoopschaal,
        c.gemeente AS gemeente,
        c.catalogus_vastgesteld AS catalogus_vastgesteld,
        coalesce(t.productcategorie, CASE WHEN regexp_matches(t.productcode, '^\d{2}') THEN left(t.productcode, 2) END)
            AS productcategorie,
        t.productcategorie AS productcategorie_regel,
        s.productcode IS NOT NULL AS is_standaardcode,
        -- The edition of February 2025 that we ship lacks categories 54 and 55; codes in them are never
        -- called own codes (istandaarden.nl, standaardproductcodelijst Jeugdwet).
        coalesce(regexp_matches(t.productcode, '^(54[0-9]{3}|55[0-9A-Z]{3})$'), false) AS lijst_onvolledig,
        s.omschrijving AS standaard_omschrijving,
        s.uitvoeringsvariant AS standaard_uitvoeringsvariant,
        s.hulpvorm_code AS hulpvorm_code,
        coalesce(t.uitvoeringsvariant, c.uitvoeringsvariant) AS uitvoeringsvariant,
        coalesce(t.uitvoeringsvariant, c.uitvoeringsvariant, s.uitvoeringsvariant) AS variant,
        CASE
            WHEN t.uitvoeringsvariant IS NOT NULL THEN 'bij dit tarief'
            WHEN c.uitvoeringsvariant IS NOT NULL THEN 'in het contract'
            WHEN s.uitvoeringsvariant IS NOT NULL THEN 'in de standaardproductcodelijst'
        END AS variant_herkomst,
        -- "stuk" without more is 84 with effort and 82 with output (WJ756, OP305); "dag" is an etmaal
        -- only for stay (categories 43 and 44): in practice lists of gemeenten write "per dag" there.
        CASE
            WHEN t.eenheid = 'stuks' THEN CASE coalesce(t.uitvoeringsvariant, c.uitvoeringsvariant, s.uitvoeringsvariant)
                WHEN 'inspanningsgericht' THEN '84' WHEN 'outputgericht' THEN '82' END
            WHEN t.eenheid = 'dag' THEN CASE WHEN left(t.productcode, 2) IN ('43', '44') THEN '14' END
            WHEN t.eenheid IN ('01', '04', '14', '16', '82', '83', '84') THEN t.eenheid
        END AS eenheid,
        t.eenheid AS eenheid_gelezen,
        coalesce(lower(t.niveau), niveau_in(t.omschrijving)) AS niveau_of_afgeleid,
        coalesce(zwaarte_in(t.zwaarte), zwaarte_in(t.omschrijving), zwaarte_in(s.omschrijving)) AS zwaarte_graad,
        CASE WHEN zwaarte_in(t.zwaarte) IS NOT NULL OR zwaarte_in(t.omschrijving) IS NOT NULL
            THEN zonder_zwaarte(coalesce(t.omschrijving, s.omschrijving, t.productcode))
            ELSE zonder_zwaarte(s.omschrijving) END AS zwaarte_familie,
        coalesce(specialisme_in(t.omschrijving), specialisme_in(s.omschrijving)) AS specialisme_graad,
        CASE WHEN specialisme_in(t.omschrijving) IS NOT NULL THEN zonder_specialisme(t.omschrijving)
            ELSE zonder_specialisme(s.omschrijving) END AS specialisme_familie,
        coalesce(t.geldig_van, make_date(t.jaar, 1, 1), c.startdatum) AS begin,
        coalesce(t.geldig_tot, make_date(t.jaar, 12, 31)) AS eind_opgegeven,
        coalesce(t.geldig_van, make_date(t.jaar, 1, 1), c.startdatum, c.tekendatum, peildatum()) AS toetsdatum,
        -- PC-12: one tariff per code, level or target group, unit and period.
        concat_ws('|', coalesce(t.contract_id, ''), coalesce(kale_tekst(t.aanbieder), ''),
            coalesce(kale_tekst(t.perceel), ''), coalesce(t.productcode, ''),
            coalesce(lower(t.niveau), niveau_in(t.omschrijving), ''), coalesce(kale_tekst(t.doelgroep), ''),
            coalesce(lower(t.zwaarte), ''), coalesce(t.eenheid, ''), coalesce(t.uitvoeringsvariant, '')) AS sleutel,
        coalesce(kale_tekst(t.omschrijving), '') AS omschrijving_kaal
    FROM basis.tarief t
    LEFT JOIN basis.contract c ON is_contract_van(t.contract_id, c.contract_id, c.rij_id)
    LEFT JOIN basis.standaardproduct s ON s.productcode = t.productcode
);

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
    -- Besluit Jeugdwet art. 2.3 lid 4: a subsidy counts only where it pays fully for real delivery.
    coalesce(lower(c.contractvorm) LIKE '%subsidie%', false) AND NOT coalesce(c.volledige_bekostiging, false)
        AS subsidie_zonder_volledige_bekostiging,
    -- What the tariffs say of the variant goes before what the contract says as a whole.
    coalesce(v.inspanning_of_output, c.uitvoeringsvariant IN ('inspanningsgericht', 'outputgericht'))
        AS inspanning_of_output,
    coalesce(v.met_inspanning, c.uitvoeringsvariant = 'inspanningsgericht') AS met_inspanning
FROM basis.contract c
LEFT JOIN (
    SELECT contract_rij_id,
        bool_or(variant IN ('inspanningsgericht', 'outputgericht')) AS inspanning_of_output,
        bool_or(variant = 'inspanningsgericht') AS met_inspanning
    FROM tarief GROUP BY contract_rij_id
) v ON v.contract_rij_id = c.rij_id
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
LEFT JOIN contract c ON is_contract_van(a.contract_id, c.contract_id, c.rij_id);

-- tabel: tariefopbouw
SELECT
    o.*,
    coalesce(make_date(o.jaar, 1, 1), c.toetsdatum, peildatum()) AS toetsdatum,
    -- Besluit Jeugdwet art. 2.3 lid 1 (Stb. 2024, 69): the four cost elements together.
    o.kosten_beroepskrachten + o.overige_clientgebonden + o.overhead + o.indexering
        + coalesce(o.risico_marge, 0) AS som_elementen,
    c.rij_id AS contract_rij_id,
    coalesce(c.subsidie_zonder_volledige_bekostiging, false) AS buiten_besluit
FROM basis.tariefopbouw o
LEFT JOIN contract c ON is_contract_van(o.contract_id, c.contract_id, c.rij_id);

-- tabel: administratie
SELECT
    a.*,
    coalesce(c.toetsdatum, peildatum()) AS toetsdatum,
    c.rij_id AS contract_rij_id,
    c.uitvoeringsvariant AS uitvoeringsvariant,
    is_lokale_grondslag(a.grondslag) AS is_lokaal,
    -- Does the demand concern a product that is declared by iJw messages?
    coalesce(
        (SELECT bool_or(t.variant IN ('inspanningsgericht', 'outputgericht'))
            FROM tarief t
            WHERE t.contract_rij_id IS NOT DISTINCT FROM c.rij_id
                AND (a.productcode IS NULL OR t.productcode = a.productcode)),
        c.uitvoeringsvariant IN ('inspanningsgericht', 'outputgericht')) AS inspanning_of_output
FROM basis.administratie a
LEFT JOIN contract c ON is_contract_van(a.contract_id, c.contract_id, c.rij_id);

-- tabel: kwaliteit
SELECT
    k.*,
    coalesce(c.toetsdatum, peildatum()) AS toetsdatum,
    is_lokale_grondslag(k.grondslag) AS is_lokaal
FROM basis.kwaliteit k
LEFT JOIN contract c ON is_contract_van(k.contract_id, c.contract_id, c.rij_id);

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
    (SELECT count(*) FROM basis.contract) AS aantal_contracten,
    (SELECT count(*) FROM basis.tarief) AS aantal_tarieven,
    (SELECT count(*) FROM basis.tariefopbouw) AS aantal_opbouw,
    (SELECT count(*) FROM basis.administratie) AS aantal_eisen,
    (SELECT count(DISTINCT productcode) FROM basis.tarief) AS aantal_codes,
    (SELECT count(DISTINCT productcode) FROM tarief WHERE is_standaardcode) AS aantal_standaardcodes,
    (SELECT count(DISTINCT productcode) FROM tarief WHERE lijst_onvolledig AND NOT is_standaardcode)
        AS aantal_niet_te_beoordelen;
