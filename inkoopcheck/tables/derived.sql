-- Views and macros over the base tables: what is derived, and shared by rules.
-- Base tables (schema basis) say what the files say. The views (schema afgeleid) carry the same
-- names and columns, with derived columns added. Once an input is loaded the views are computed
-- once, to tables in the schema main: that is what rules see.
-- Each formula stands once, here, with its source.

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

CREATE MACRO optie_delen(t, deel) AS
    regexp_extract_all(opties_in_cijfers(t), optie_patroon(), deel);

CREATE MACRO lengte_som(l) AS list_sum(list_transform(
    regexp_extract_all(l, '\d+'), lambda n: cast(n AS INTEGER)));

-- Months of extension that a text stands for; 0 for "geen", NULL when it cannot be read.
CREATE MACRO optie_maanden(t) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN regexp_matches(lower(t), '^\s*(geen|nee|0|niet|zonder)\b') THEN 0
    WHEN len(optie_delen(t, 2)) = 0 THEN NULL
    WHEN regexp_matches(regexp_replace(opties_in_cijfers(t), optie_patroon(), ' ', 'g'), '\d') THEN NULL
    ELSE list_sum(list_transform(
        range(len(optie_delen(t, 2))),
        lambda i: coalesce(try_cast(nullif(optie_delen(t, 1)[i + 1], '') AS INTEGER), 1)
            * lengte_som(optie_delen(t, 2)[i + 1])
            * CASE WHEN optie_delen(t, 3)[i + 1] LIKE 'j%' THEN 12 ELSE 1 END))
END;

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

CREATE VIEW afgeleid.enig_contract AS
SELECT CASE WHEN count(*) = 1 THEN min(rij_id) END AS rij_id FROM basis.contract;

CREATE VIEW afgeleid.aanbieder AS
SELECT
    a.*,
    coalesce(c.startdatum, c.tekendatum, peildatum()) AS toetsdatum,
    coalesce(c.einddatum, peildatum()) AS loopt_tot
FROM basis.aanbieder a
LEFT JOIN basis.contract c ON (a.contract_id IS NOT NULL AND c.contract_id = a.contract_id)
    OR (a.contract_id IS NULL AND c.rij_id = (SELECT rij_id FROM afgeleid.enig_contract));

-- A tariff with what the contract and the standaardproductcodelijst say of it.
CREATE VIEW afgeleid.tarief_bron AS
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
LEFT JOIN basis.contract c ON (t.contract_id IS NOT NULL AND c.contract_id = t.contract_id)
    OR (t.contract_id IS NULL AND c.rij_id = (SELECT rij_id FROM afgeleid.enig_contract))
LEFT JOIN basis.standaardproduct s ON s.productcode = t.productcode;

-- A tariff without a last day ends the day before the next tariff with the same key starts.
CREATE VIEW afgeleid.tarief AS
SELECT
    *,
    coalesce(eind_opgegeven,
        min(begin) OVER (PARTITION BY sleutel, omschrijving_kaal ORDER BY begin
            RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND UNBOUNDED FOLLOWING) - 1) AS eind
FROM afgeleid.tarief_bron;

CREATE VIEW afgeleid.contract AS
SELECT
    c.*,
    coalesce(c.startdatum, c.tekendatum, peildatum()) AS toetsdatum,
    -- Duties that came into force during the contract: the last day on which it can be checked.
    coalesce(c.einddatum, peildatum()) AS loopt_tot,
    -- Whole months from the first day up to and including the last day.
    datesub('month', c.startdatum, c.einddatum + 1) AS looptijd_maanden,
    optie_maanden(c.verlengingsopties) AS verlenging_maanden,
    datesub('month', c.startdatum, c.einddatum + 1) + coalesce(optie_maanden(c.verlengingsopties), 0)
        AS looptijd_met_opties,
    c.contractstandaard IS NOT NULL AND regexp_matches(lower(c.contractstandaard), 'standaard|\bcs\b')
        AS volgt_contractstandaard,
    coalesce(lower(c.contractvorm) LIKE '%subsidie%', false) AS is_subsidie,
    -- Besluit Jeugdwet art. 2.3 lid 4: a subsidy counts only where it pays fully for real delivery.
    coalesce(lower(c.contractvorm) LIKE '%subsidie%', false) AND NOT coalesce(c.volledige_bekostiging, false)
        AS subsidie_zonder_volledige_bekostiging,
    -- What the tariffs say of the variant goes before what the contract says as a whole.
    coalesce(
        (SELECT bool_or(t.variant IN ('inspanningsgericht', 'outputgericht'))
            FROM afgeleid.tarief_bron t WHERE t.contract_rij_id = c.rij_id),
        c.uitvoeringsvariant IN ('inspanningsgericht', 'outputgericht')) AS inspanning_of_output,
    coalesce(
        (SELECT bool_or(t.variant = 'inspanningsgericht')
            FROM afgeleid.tarief_bron t WHERE t.contract_rij_id = c.rij_id),
        c.uitvoeringsvariant = 'inspanningsgericht') AS met_inspanning
FROM basis.contract c;

CREATE VIEW afgeleid.tariefopbouw AS
SELECT
    o.*,
    coalesce(make_date(o.jaar, 1, 1), c.startdatum, c.tekendatum, peildatum()) AS toetsdatum,
    -- Besluit Jeugdwet art. 2.3 lid 1 (Stb. 2024, 69): the four cost elements together.
    o.kosten_beroepskrachten + o.overige_clientgebonden + o.overhead + o.indexering
        + coalesce(o.risico_marge, 0) AS som_elementen,
    c.rij_id AS contract_rij_id,
    coalesce(c.subsidie_zonder_volledige_bekostiging, false) AS buiten_besluit
FROM basis.tariefopbouw o
LEFT JOIN afgeleid.contract c ON (o.contract_id IS NOT NULL AND c.contract_id = o.contract_id)
    OR (o.contract_id IS NULL AND c.rij_id = (SELECT rij_id FROM afgeleid.enig_contract));

CREATE VIEW afgeleid.administratie AS
SELECT
    a.*,
    coalesce(c.startdatum, c.tekendatum, peildatum()) AS toetsdatum,
    c.rij_id AS contract_rij_id,
    c.uitvoeringsvariant AS uitvoeringsvariant,
    is_lokale_grondslag(a.grondslag) AS is_lokaal,
    -- Does the demand concern a product that is declared by iJw messages?
    coalesce(
        (SELECT bool_or(t.variant IN ('inspanningsgericht', 'outputgericht'))
            FROM afgeleid.tarief_bron t
            WHERE t.contract_rij_id IS NOT DISTINCT FROM c.rij_id
                AND (a.productcode IS NULL OR t.productcode = a.productcode)),
        c.uitvoeringsvariant IN ('inspanningsgericht', 'outputgericht')) AS inspanning_of_output
FROM basis.administratie a
LEFT JOIN basis.contract c ON (a.contract_id IS NOT NULL AND c.contract_id = a.contract_id)
    OR (a.contract_id IS NULL AND c.rij_id = (SELECT rij_id FROM afgeleid.enig_contract));

CREATE VIEW afgeleid.kwaliteit AS
SELECT
    k.*,
    coalesce(c.startdatum, c.tekendatum, peildatum()) AS toetsdatum,
    is_lokale_grondslag(k.grondslag) AS is_lokaal
FROM basis.kwaliteit k
LEFT JOIN basis.contract c ON (k.contract_id IS NOT NULL AND c.contract_id = k.contract_id)
    OR (k.contract_id IS NULL AND c.rij_id = (SELECT rij_id FROM afgeleid.enig_contract));

CREATE VIEW afgeleid.uitleg AS SELECT *, peildatum() AS toetsdatum FROM basis.uitleg;

CREATE VIEW afgeleid.leesmelding AS SELECT *, peildatum() AS toetsdatum FROM basis.leesmelding;

-- The workbook as a whole: one row, so that a rule can say what a workbook lacks.
CREATE VIEW afgeleid.werkmap AS
SELECT
    0::BIGINT AS rij_id,
    (SELECT min(bestand) FROM basis.tarief) AS bestand,
    NULL::VARCHAR AS blad,
    NULL::INTEGER AS rij,
    MAP {}::MAP(VARCHAR, VARCHAR) AS cellen,
    peildatum() AS toetsdatum,
    (SELECT count(*) FROM basis.contract) AS aantal_contracten,
    (SELECT count(*) FROM basis.tarief) AS aantal_tarieven,
    (SELECT count(*) FROM basis.tariefopbouw) AS aantal_opbouw,
    (SELECT count(*) FROM basis.administratie) AS aantal_eisen,
    (SELECT count(DISTINCT productcode) FROM basis.tarief) AS aantal_codes,
    (SELECT count(DISTINCT productcode) FROM afgeleid.tarief_bron WHERE is_standaardcode) AS aantal_standaardcodes,
    (SELECT count(DISTINCT productcode) FROM afgeleid.tarief_bron WHERE lijst_onvolledig AND NOT is_standaardcode)
        AS aantal_niet_te_beoordelen;
