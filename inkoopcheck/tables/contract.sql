-- What the contract says of a message: whether it is for these parties, and which tariffs hold. Built like
-- chain.sql. The contract workbooks stand in the tables of derived.sql; the kandidaat in those of the messages.
--
-- Amounts are compared in whole eurocents. A tariff has four decimals of a euro, so it is first counted in
-- hundredths of a eurocent (``waarde``); no floating point number comes in.

-- A name of a gemeente or a region between blanks, without accents: 'Den Haag' is ' s gravenhage '.
CREATE MACRO plaatsnaam(t) AS replace(replace(
    ' ' || trim(regexp_replace(strip_accents(lower(t)), '[^a-z0-9]+', ' ', 'g')) || ' ',
    ' den haag ', ' s gravenhage '), ' den bosch ', ' s hertogenbosch ');

-- What stays of a text when known names are taken out, and words that say nothing: '' when it was understood.
CREATE MACRO rest_van_namen(t, namen) AS regexp_replace(
    list_reduce(list_prepend(t, namen), lambda tekst, naam: replace(tekst, naam, ' ')),
    '\b(gemeenten?|gem|regio|jeugdregio|jeugdhulpregio|jeugdhulp|stad|samenwerkende|en|de|het|in|nh|zh|gld|ov|[loz])\b|\s', '', 'g');

-- Hundredths of a eurocent in an amount in euros, and whole eurocents in those, half up.
CREATE MACRO in_waarde(euro) AS CAST(CAST(euro AS DECIMAL(30,4)) * 10000 AS HUGEINT);
CREATE MACRO in_cent(waarde) AS (waarde + 50) // 100;
-- Eurocents of a number of minutes at a tariff per hour, half up. For one minute that is the tariff that a
-- prestatie in minutes names (iJw 3.2, IV081, TR346 and TR418).
CREATE MACRO minuten_in_cent(uurwaarde, minuten) AS (uurwaarde * minuten + 3000) // 6000;

-- Is a number of eurocents at least this percentage of an amount in euros, and more than all of it?
CREATE MACRO haalt_deel(cent, euro, procent) AS
    cent::HUGEINT * 10000000000 >= in_waarde(euro) * CAST(CAST(procent AS DECIMAL(30,6)) * 1000000 AS HUGEINT);
CREATE MACRO is_meer_dan(cent, euro) AS cent::HUGEINT * 100 > in_waarde(euro);

-- True when it is true somewhere; false when it is known to be false everywhere.
CREATE MACRO ergens(x) AS CASE WHEN bool_or(x) THEN true WHEN bool_and(x IS NOT NULL) THEN false END;

-- May a product of this variant be declared in this unit (codelijst WJ756; iJw 3.2, OP262, OP263 and OP305)?
-- NULL for another variant.
CREATE MACRO eenheid_van_variant(variant, eenheid) AS CASE variant
    WHEN 'inspanningsgericht' THEN eenheid IN ('01', '04', '14', '16', '84')
    WHEN 'outputgericht' THEN eenheid IN ('82', '83') END;

-- tabel: contract_kader
-- The contracts of the workbooks. A list of tariffs without a contract counts as one. ``tot``: with the options
-- to extend it; NULL when it has no end, or when the options cannot be read.
SELECT c.rij_id::VARCHAR AS sleutel, c.bestand, c.contract_id, coalesce(c.contract_id, c.bestand) AS contract_naam,
    regexp_extract_all(c.gemeentecode, '\d+') AS codes, plaatsnaam(c.gemeente) AS gemeente_naam,
    plaatsnaam(concat_ws(' ', c.jeugdregio, c.gemeente)) AS regio_naam, c.jeugdregio, lower(c.inkoopschaal) AS schaal,
    c.startdatum AS vanaf,
    CASE WHEN c.onbepaalde_tijd OR (c.verlengingsopties IS NOT NULL AND v.maanden IS NULL) THEN NULL
        ELSE CAST(c.einddatum + 1 + to_months(coalesce(v.maanden, 0)) AS DATE) - 1 END AS tot,
    c.bestedingsruimte, c.bestedingsruimte_signaal
FROM basis.contract c LEFT JOIN contract_verlenging v ON v.rij_id = c.rij_id
UNION ALL BY NAME
SELECT DISTINCT t.contract_sleutel AS sleutel, t.bestand, t.contract_id, coalesce(t.contract_id, t.bestand) AS contract_naam
FROM tarief_rij t
WHERE t.contract_rij_id IS NULL AND (t.contract_id IS NOT NULL OR t.bestand NOT IN (SELECT bestand FROM basis.contract));

-- tabel: contract_gemeente
-- Is a contract for a gemeente, of all that occur in the messages? NULL when its texts do not tell. A contract
-- that a gemeente closes is for itself; one that a region closes for all gemeenten in it.
WITH gemeente AS (
    SELECT code, plaatsnaam(regexp_replace(betekenis, '\(.*', '')) AS naam,
        plaatsnaam(regexp_replace(toelichting, '\(.*', '')) AS regio
    FROM basis.codelijst WHERE lijst = 'gemeente'
), genoemd AS (
    -- A name inside a longer one is not named: 'Bergen' in 'Bergen op Zoom'.
    SELECT k.sleutel, list(DISTINCT g.naam) AS namen, list(g.code) AS codes
    FROM contract_kader k JOIN gemeente g ON contains(k.gemeente_naam, g.naam)
    WHERE NOT EXISTS (SELECT 1 FROM gemeente l WHERE l.naam <> g.naam AND contains(l.naam, g.naam)
        AND contains(k.gemeente_naam, l.naam))
    GROUP BY k.sleutel
), regio AS (
    SELECT k.sleutel, list(DISTINCT g.regio) AS namen, list(g.code) AS codes
    FROM contract_kader k JOIN gemeente g ON contains(k.regio_naam, g.regio)
    WHERE NOT EXISTS (SELECT 1 FROM gemeente l WHERE l.regio <> g.regio AND contains(l.regio, g.regio)
        AND contains(k.regio_naam, l.regio))
    GROUP BY k.sleutel
), kader AS (
    SELECT k.sleutel, k.schaal,
        list_concat(coalesce(k.codes, []), coalesce(n.codes, [])) AS codes,
        coalesce(r.codes, []) AS regio_codes,
        coalesce(rest_van_namen(k.gemeente_naam, list_concat(coalesce(n.namen, []), coalesce(r.namen, []))), '') AS rest,
        coalesce(rest_van_namen(plaatsnaam(k.jeugdregio), coalesce(r.namen, [])), '') AS regio_rest
    FROM contract_kader k LEFT JOIN genoemd n ON n.sleutel = k.sleutel LEFT JOIN regio r ON r.sleutel = k.sleutel
)
SELECT k.sleutel, m.gemeente,
    CASE
        WHEN k.schaal = 'landelijk' OR list_contains(k.codes, m.gemeente) THEN true
        WHEN list_contains(k.regio_codes, m.gemeente) AND (k.schaal IN ('regio', 'bovenregionaal') OR len(k.codes) = 0) THEN true
        -- A code that we do not know may be that of a gemeente that went into another.
        WHEN g.code IS NULL OR k.schaal = 'bovenregionaal' OR k.rest <> '' THEN NULL
        WHEN k.schaal = 'gemeente' AND len(k.codes) > 0 THEN false
        WHEN list_contains(k.regio_codes, m.gemeente) OR k.regio_rest <> '' THEN NULL
        WHEN k.schaal = 'regio' AND len(k.regio_codes) = 0 THEN NULL
        WHEN len(k.codes) + len(k.regio_codes) > 0 THEN false END AS past
FROM kader k
JOIN (SELECT gemeente FROM keten_bericht UNION SELECT gemeente FROM eerder_bericht) m ON true
LEFT JOIN gemeente g ON g.code = m.gemeente;

-- tabel: contract_partij
-- Is a contract for the parties of the kandidaat? ``geldt``: the contracts that it is put beside. Nothing that
-- a contract names may contradict, and of those that are left the ones that name most.
WITH rol AS (
    SELECT k.sleutel,
        CASE WHEN bool_or(a.agb = b.aanbieder) THEN true WHEN bool_and(a.agb IS NOT NULL) THEN false END AS past,
        bool_and(coalesce(a.onderaannemer, false)) FILTER (a.agb = b.aanbieder) AS onderaannemer
    FROM contract_kader k JOIN keten_bericht b ON true
    JOIN basis.aanbieder a ON a.bestand = k.bestand AND (a.contract_id IS NULL OR a.contract_id = k.contract_id)
    GROUP BY k.sleutel
)
SELECT k.*, g.past AS gemeente_past, r.past AS aanbieder_past, coalesce(r.onderaannemer, false) AS onderaannemer,
    g.past IS DISTINCT FROM false AND r.past IS DISTINCT FROM false
        AND coalesce(g.past, false)::INTEGER + coalesce(r.past, false)::INTEGER
            = max(coalesce(g.past, false)::INTEGER + coalesce(r.past, false)::INTEGER)
                FILTER (g.past IS DISTINCT FROM false AND r.past IS DISTINCT FROM false) OVER () AS geldt
FROM contract_kader k JOIN keten_bericht b ON true
JOIN contract_gemeente g ON g.sleutel = k.sleutel AND g.gemeente = b.gemeente
LEFT JOIN rol r ON r.sleutel = k.sleutel;

-- tabel: contract_tarief
-- The tariffs of the contracts that the kandidaat is put beside, within the term of the contract. In a workbook
-- with more contracts a row without a number is of all of them. A tariff that names another aanbieder is left out.
SELECT k.sleutel, t.productcode, t.categorie_nummer, t.eenheid, t.uitvoeringsvariant,
    NOT t.is_standaardcode AND NOT t.lijst_onvolledig AS eigen_code,
    greatest(t.begin, k.vanaf) AS vanaf, least(e.eind, k.tot) AS tot,
    in_waarde(t.tarief) AS waarde, in_waarde(t.minuuttarief) AS minuutwaarde
FROM contract_partij k
JOIN tarief_rij t ON t.contract_sleutel = k.sleutel
    OR (t.contract_rij_id IS NULL AND t.contract_id IS NULL AND t.bestand = k.bestand)
JOIN tarief_einde e ON e.rij_id = t.rij_id
JOIN keten_bericht b ON true
LEFT JOIN (
    SELECT bestand, kale_tekst(aanbieder) AS naam, list(agb) AS codes FROM basis.aanbieder
    WHERE agb IS NOT NULL GROUP BY ALL
) a ON a.bestand = t.bestand AND a.naam = kale_tekst(t.aanbieder)
WHERE k.geldt AND NOT t.is_pgb AND coalesce(list_contains(a.codes, b.aanbieder), true);

-- tabel: contract_regel
-- What the kandidaat names of products. An open toewijzing is looked at on its first day.
SELECT 'prestatie' AS klasse, rij_id, upper(product_code) AS product_code, product_categorie, begindatum AS vanaf,
    einddatum AS tot, eenheid, product_tarief, geleverd_volume
FROM prestatie WHERE berichtsoort = 'JW323' AND bericht_id = (SELECT bericht_id FROM basis.kandidaat)
UNION ALL
SELECT 'toegewezen_product', rij_id, upper(product_code), product_categorie, ingangsdatum,
    coalesce(einddatum, ingangsdatum), eenheid, NULL, NULL
FROM toegewezen_product WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat)
UNION ALL
SELECT 'start_product', rij_id, upper(product_code), product_categorie, begindatum, begindatum, NULL, NULL, NULL
FROM start_product WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat);

-- tabel: contract_oordeel
-- What the tariffs of the contract say of each of those. ``in_contract`` is NULL when there are no tariffs with a
-- code, or when one without a code may be this product. ``contract_tarieven``: what the prestatie may name, in
-- eurocents; ``contract_bedragen``: what minutes may come to. Both are NULL when one of the tariffs that hold
-- names no amount. ``op_periode``: geheel, deel or niet, of the tariff that is named where the contract has it.
WITH naast AS (
    SELECT r.klasse, r.rij_id, r.product_tarief, t.eenheid, t.eigen_code,
        t.eenheid = r.eenheid OR (t.eenheid = '04' AND r.eenheid = '01') AS eenheid_past,
        eenheid_van_variant(t.uitvoeringsvariant, r.eenheid) AS variant_past, t.uitvoeringsvariant,
        CASE WHEN coalesce(t.vanaf <= r.vanaf, true) AND coalesce(t.tot >= r.tot, true) THEN 2
            WHEN coalesce(t.vanaf <= r.tot, true) AND coalesce(t.tot >= r.vanaf, true) THEN 1 ELSE 0 END AS dekking,
        list_filter(
            CASE WHEN t.eenheid = '04' AND r.eenheid = '01' THEN [minuten_in_cent(t.waarde, 1), in_cent(t.minuutwaarde)]
                WHEN t.eenheid = '01' THEN [in_cent(t.waarde), in_cent(t.minuutwaarde)]
                ELSE [in_cent(t.waarde)] END, lambda tarief: tarief IS NOT NULL) AS tarieven,
        CASE WHEN r.eenheid <> '01' THEN NULL
            WHEN t.eenheid = '04' THEN minuten_in_cent(t.waarde, r.geleverd_volume)
            ELSE r.product_tarief * r.geleverd_volume::HUGEINT END AS bedrag
    FROM contract_regel r JOIN contract_tarief t ON t.productcode = r.product_code
), passend AS (
    SELECT *, list_contains(tarieven, product_tarief) AS genoemd FROM naast WHERE eenheid_past AND dekking > 0
), prijs AS (
    SELECT klasse, rij_id,
        CASE WHEN bool_and(len(tarieven) > 0) THEN list_sort(list_distinct(flatten(list(tarieven)))) END AS tarieven,
        -- The hourly tariff behind the tariff that is named decides, where that is one of the contract.
        CASE WHEN bool_or(genoemd) THEN CASE WHEN bool_and(bedrag IS NOT NULL) FILTER (genoemd)
                THEN list_sort(list_distinct(list(bedrag) FILTER (genoemd))) END
            WHEN bool_and(bedrag IS NOT NULL) THEN list_sort(list_distinct(list(bedrag))) END AS bedragen,
        max(dekking) FILTER (genoemd) AS dekking
    FROM passend GROUP BY klasse, rij_id
), product AS (
    SELECT klasse, rij_id, bool_and(eigen_code) AS eigen_code,
        max(dekking) AS dekking,
        CASE WHEN max(dekking) = 0 THEN CASE WHEN bool_and(eenheid IS NOT NULL) THEN list_sort(list_distinct(list(eenheid))) END
            WHEN bool_and(eenheid IS NOT NULL) FILTER (dekking > 0)
            THEN list_sort(list_distinct(list(eenheid) FILTER (dekking > 0))) END AS eenheden,
        ergens(variant_past) AS variant_past,
        string_agg(DISTINCT uitvoeringsvariant, ' of ' ORDER BY uitvoeringsvariant) AS variant
    FROM naast GROUP BY klasse, rij_id
), lijst AS (
    SELECT count(productcode) > 0 AS met_code,
        coalesce(bool_or(productcode IS NULL AND categorie_nummer IS NULL), false) AS onbekend,
        coalesce(list(DISTINCT categorie_nummer) FILTER (productcode IS NULL), []) AS categorieen
    FROM contract_tarief
)
SELECT r.klasse, r.rij_id,
    CASE WHEN p.rij_id IS NOT NULL THEN true
        WHEN l.met_code AND NOT l.onbekend AND NOT list_contains(l.categorieen, left(r.product_code, 2)) THEN false END AS in_contract,
    p.eigen_code, p.eenheden AS contract_eenheden, p.variant_past, p.variant AS contract_variant,
    CASE coalesce(t.dekking, p.dekking) WHEN 2 THEN 'geheel' WHEN 1 THEN 'deel' WHEN 0 THEN 'niet' END AS op_periode,
    t.tarieven AS contract_tarieven, t.bedragen AS contract_bedragen,
    row_number() OVER (PARTITION BY r.klasse, r.product_code ORDER BY r.rij_id) AS keer_product
FROM contract_regel r CROSS JOIN lijst l
LEFT JOIN product p ON p.klasse = r.klasse AND p.rij_id = r.rij_id
LEFT JOIN prijs t ON t.klasse = r.klasse AND t.rij_id = r.rij_id;

-- tabel: contract_prestatie
-- Per prestatie of a JW323 its toewijzing (tw_) and what the contract says of it.
SELECT p.*, o.* EXCLUDE (klasse, rij_id)
FROM keten_prestatie p LEFT JOIN contract_oordeel o ON o.klasse = 'prestatie' AND o.rij_id = p.rij_id;

-- tabel: contract_toegewezen
SELECT p.*, o.* EXCLUDE (klasse, rij_id)
FROM toegewezen_product p JOIN keten_bericht k ON k.rij_id = p.bericht_id
LEFT JOIN contract_oordeel o ON o.klasse = 'toegewezen_product' AND o.rij_id = p.rij_id;

-- tabel: contract_start
SELECT p.*, o.* EXCLUDE (klasse, rij_id)
FROM start_product p JOIN keten_bericht k ON k.rij_id = p.bericht_id
LEFT JOIN contract_oordeel o ON o.klasse = 'start_product' AND o.rij_id = p.rij_id;

-- tabel: contract_bericht
-- ``gemeente_in_contract``, ``aanbieder_in_contract``: NULL when the contract does not tell. The aanbieder is
-- looked for in the contracts for this gemeente.
SELECT b.*, p.contracten, p.gemeente_in_contract, p.aanbieder_in_contract, p.alleen_onderaannemer
FROM keten_bericht b
CROSS JOIN (
    SELECT string_agg(DISTINCT contract_naam, ', ' ORDER BY contract_naam) AS contracten,
        ergens(gemeente_past) AS gemeente_in_contract,
        CASE WHEN bool_or(aanbieder_past) FILTER (gemeente_past IS DISTINCT FROM false) THEN true
            WHEN bool_and(aanbieder_past IS NOT NULL) FILTER (gemeente_past IS DISTINCT FROM false) THEN false END AS aanbieder_in_contract,
        coalesce(bool_and(onderaannemer) FILTER (geldt), false) AS alleen_onderaannemer
    FROM contract_partij
) p;

-- tabel: contract_besteed
-- What the aanbieder declared per gemeente, product and year before the kandidaat and was not refused, and what
-- the kandidaat asks. Only when a contract has a ceiling: it takes a walk through the whole dossier.
SELECT b.gemeente, upper(p.product_code) AS product_code, year(p.begindatum) AS jaar,
    sum(met_teken(p.bedrag, p.debet_credit)) AS bedrag
FROM eerder.prestatie p
JOIN eerder_bericht b ON b.rij_id = p.bericht_id AND b.berichtsoort = 'JW323' AND b.telt
JOIN keten_bericht k ON k.aanbieder = b.aanbieder
LEFT JOIN (
    SELECT DISTINCT bericht_id, referentie_nummer FROM eerder.prestatie
    WHERE bericht_id IN (SELECT antwoord_id FROM eerder_bericht WHERE berichtsoort = 'JW323')
) a ON a.bericht_id = b.antwoord_id AND a.referentie_nummer = p.referentie_nummer
LEFT JOIN eerder.afgewezen o ON b.antwoord_id IS NULL AND o.rij_id = p.rij_id
WHERE a.referentie_nummer IS NULL AND o.rij_id IS NULL
    AND EXISTS (SELECT 1 FROM contract_kader WHERE bestedingsruimte > 0)
GROUP BY ALL
UNION ALL
SELECT gemeente, upper(product_code), year(begindatum), sum(bedrag_met_teken)
FROM prestatie WHERE berichtsoort = 'JW323' AND bericht_id = (SELECT bericht_id FROM basis.kandidaat)
GROUP BY ALL;

-- tabel: contract_declaratie
-- Per JW323 the contract and the year in which most of the ceiling is used, of the years that it declares. To a
-- contract belongs what was declared of its products to its gemeenten.
SELECT d.*, s.contract_naam, s.jaar, s.bestedingsruimte, s.bestedingsruimte_signaal, s.besteed
FROM declaratie d JOIN keten_bericht b ON b.rij_id = d.bericht_id AND b.berichtsoort = 'JW323'
LEFT JOIN (
    SELECT k.contract_naam, k.bestedingsruimte, k.bestedingsruimte_signaal, u.jaar, sum(u.bedrag)::BIGINT AS besteed
    FROM contract_partij k
    JOIN keten_bericht b ON true
    JOIN contract_besteed u ON u.jaar IN (SELECT year(vanaf) FROM contract_regel WHERE klasse = 'prestatie')
    LEFT JOIN contract_gemeente g ON g.sleutel = k.sleutel AND g.gemeente = u.gemeente
    LEFT JOIN (SELECT sleutel, list(productcode) AS codes, count(productcode) > 0 AND count(*) = count(productcode) AS volledig
        FROM contract_tarief GROUP BY sleutel) t ON t.sleutel = k.sleutel
    WHERE k.geldt AND k.bestedingsruimte > 0 AND (u.gemeente = b.gemeente OR g.past)
        AND coalesce(list_contains(t.codes, u.product_code) OR NOT t.volledig, true)
    GROUP BY k.sleutel, k.contract_naam, k.bestedingsruimte, k.bestedingsruimte_signaal, u.jaar
    QUALIFY row_number() OVER (ORDER BY sum(u.bedrag) / k.bestedingsruimte DESC, u.jaar, k.contract_naam) = 1
) s ON true;
