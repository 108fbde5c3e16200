-- What is derived from the message tables, and shared by rules. Built like derived.sql: macros first,
-- then a SELECT per table. Every table of the messages gets the same head: from which file and message
-- the row comes, who sent it to whom, and whose client it is.

-- Signed amount: D counts up, C counts down (iJw 3.2, IV024). NULL when either is missing.
CREATE MACRO met_teken(bedrag, debet_credit) AS
    CASE debet_credit WHEN 'D' THEN bedrag WHEN 'C' THEN -bedrag END;

-- The class that a retourcode belongs to: the last but two part of its path, without its position.
CREATE MACRO klasse_van(pad) AS regexp_extract(pad, '(\w+)(?:\[\d+\])?/RetourCodes/RetourCode\[\d+\]$', 1);

-- The same day a number of years earlier; 29 February becomes 28 February where there is none.
CREATE MACRO jaren_terug(datum, jaren) AS CAST(datum - to_years(jaren::INTEGER) AS DATE);

-- Do two periods share a day? The last day counts; an empty end is open (iJw 3.2, OP259).
CREATE MACRO overlapt(begin_a, eind_a, begin_b, eind_b) AS
    begin_a <= coalesce(eind_b, DATE '9999-12-31') AND begin_b <= coalesce(eind_a, DATE '9999-12-31');

-- Are two products the same? Without a code the category counts, without a category everything is the
-- same (iJw 3.2, TR302 and OP259; that a code-less product clashes with one in its category is our choice).
CREATE MACRO zelfde_product(categorie_a, code_a, categorie_b, code_b) AS
    categorie_a IS NULL OR categorie_b IS NULL
    OR (categorie_a = categorie_b AND (code_a IS NULL OR code_b IS NULL OR code_a = code_b));

-- The path of another period, when it shares a day with this one. ``ander`` is a struct of vanaf, tot and pad.
CREATE MACRO botst_met(ander, vanaf, tot) AS
    CASE WHEN ander.tot >= vanaf AND ander.vanaf <= tot THEN ander.pad END;

-- Does the gemeente stand in Afzender? Return messages keep Afzender and Ontvanger of the message they answer
-- (iJw 3.2, IV032).
CREATE MACRO van_gemeente(soort) AS soort IN ('JW301', 'JW302', 'JW319', 'JW320', 'JW325');

-- tabel: bericht
SELECT
    b.*,
    coalesce(b.dagtekening, peildatum()) AS toetsdatum,
    CASE WHEN van_gemeente(b.berichtsoort) THEN b.afzender ELSE b.ontvanger END AS gemeente,
    CASE WHEN van_gemeente(b.berichtsoort) THEN b.ontvanger ELSE b.afzender END AS aanbieder,
    b.berichtsoort IN ('JW302', 'JW306', 'JW308', 'JW316', 'JW318', 'JW320') AS is_retour
FROM basis.bericht b;

-- tabel: kop
SELECT rij_id AS bericht_id, bestand, berichtsoort, is_retour, dagtekening, gemeente, aanbieder, xsd_geldig, toetsdatum
FROM bericht;

-- tabel: wie
SELECT rij_id AS client_id, client, volgnummer AS client_nr FROM basis.client;

-- tabel: client
SELECT t.*, t.volgnummer AS client_nr, kop.* EXCLUDE (bericht_id) FROM basis.client t LEFT JOIN kop USING (bericht_id);

-- tabel: relatie
SELECT * FROM basis.relatie LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: contact
SELECT t.*, kop.* EXCLUDE (bericht_id), wie.* EXCLUDE (client_id),
    CASE WHEN t.pad LIKE '%/Relatie%' THEN 'Relatie' ELSE 'Client' END AS contact_van
FROM basis.contact t LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: toegewezen_product
SELECT * FROM basis.toegewezen_product LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: start_product
SELECT * FROM basis.start_product LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: stop_product
SELECT * FROM basis.stop_product LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: aangevraagd_product
SELECT * FROM basis.aangevraagd_product LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: verzoek
SELECT * FROM basis.verzoek LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: ongewijzigd_product
SELECT * FROM basis.ongewijzigd_product LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: te_wijzigen_product
SELECT * FROM basis.te_wijzigen_product LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: nieuw_product
SELECT * FROM basis.nieuw_product LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: antwoord
SELECT * FROM basis.antwoord LEFT JOIN kop USING (bericht_id);

-- tabel: woonplaatsbeginsel
SELECT * FROM basis.woonplaatsbeginsel LEFT JOIN kop USING (bericht_id);

-- tabel: declaratie
SELECT t.*, kop.* EXCLUDE (bericht_id), met_teken(t.totaal_bedrag, t.debet_credit) AS totaal_met_teken
FROM basis.declaratie t LEFT JOIN kop USING (bericht_id);

-- tabel: prestatie
SELECT t.*, kop.* EXCLUDE (bericht_id), wie.* EXCLUDE (client_id), met_teken(t.bedrag, t.debet_credit) AS bedrag_met_teken
FROM basis.prestatie t LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: declaratie_antwoord
SELECT t.*, kop.* EXCLUDE (bericht_id),
    met_teken(t.totaal_ingediend_bedrag, t.totaal_ingediend_debet_credit) AS ingediend_met_teken,
    met_teken(t.totaal_toegekend_bedrag, t.totaal_toegekend_debet_credit) AS toegekend_met_teken
FROM basis.declaratie_antwoord t LEFT JOIN kop USING (bericht_id);

-- tabel: retourcode
SELECT t.*, kop.* EXCLUDE (bericht_id), wie.* EXCLUDE (client_id),
    klasse_van(t.pad) AS klasse,
    t.retour_code NOT IN ('0200', '0233', '8001') AS is_afkeur
FROM basis.retourcode t LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: schemafout
SELECT * FROM basis.schemafout LEFT JOIN kop USING (bericht_id) LEFT JOIN wie USING (client_id);

-- tabel: productperiode
-- The periods that may not overlap (iJw 3.2, TR302, TR386, TR410). A toewijzing that was withdrawn does not
-- count; a row of which a part could not be read is left out, since nothing can be said of it.
SELECT rij_id, bericht_id, client_id, 'toegewezen_product' AS klasse, product_categorie AS categorie, product_code AS code,
    ingangsdatum AS vanaf, coalesce(einddatum, DATE '9999-12-31') AS tot, pad
FROM toegewezen_product
WHERE berichtsoort = 'JW301' AND ingangsdatum IS NOT NULL
    AND NOT coalesce(heeft_product AND product_categorie IS NULL, false)
    AND NOT coalesce(list_contains(onleesbaar, 'einddatum'), false)
    AND NOT coalesce(reden_wijziging IN ('01', '13') AND einddatum = ingangsdatum, false)
UNION ALL
SELECT rij_id, bericht_id, client_id, 'aangevraagd_product', product_categorie, product_code,
    toewijzing_ingangsdatum, coalesce(toewijzing_einddatum, DATE '9999-12-31'), pad
FROM aangevraagd_product
WHERE berichtsoort = 'JW315' AND toewijzing_ingangsdatum IS NOT NULL
    AND NOT coalesce(heeft_product AND product_categorie IS NULL, false)
    AND NOT coalesce(list_contains(onleesbaar, 'toewijzing_einddatum'), false)
UNION ALL
SELECT rij_id, bericht_id, client_id, 'nieuw_product', product_categorie, product_code,
    gewenste_ingangsdatum, coalesce(einddatum, DATE '9999-12-31'), pad
FROM nieuw_product
WHERE berichtsoort = 'JW317' AND gewenste_ingangsdatum IS NOT NULL
    AND NOT coalesce(heeft_product AND product_categorie IS NULL, false)
    AND NOT coalesce(list_contains(onleesbaar, 'einddatum'), false);

-- tabel: productoverlap
-- Per period the path of an earlier one for the same product that shares a day with it, or NULL. Of the
-- periods that begin no later, the one that ends last decides, so no pair is compared twice and the work
-- stays in step with the size of the message. A period that ends before it begins shares a day (by the
-- formula) with one that begins no later than its end, so it looks back from there.
-- ``ruim``: a product without code clashes with every code in its category, and without a product with
-- everything. ``strikt``: without code only with one without code.
WITH eerder AS (
    SELECT *,
        max({'tot': tot, 'vanaf': vanaf, 'pad': pad}) FILTER (tot >= vanaf) OVER (
            PARTITION BY klasse, bericht_id, client_id, categorie, code
            ORDER BY least(vanaf, tot), tot < vanaf, rij_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gelijk,
        max({'tot': tot, 'vanaf': vanaf, 'pad': pad}) FILTER (tot >= vanaf) OVER in_categorie AS in_categorie,
        max({'tot': tot, 'vanaf': vanaf, 'pad': pad}) FILTER (tot >= vanaf AND code IS NULL) OVER in_categorie AS zonder_code,
        max({'tot': tot, 'vanaf': vanaf, 'pad': pad}) FILTER (tot >= vanaf) OVER in_bericht AS in_bericht,
        max({'tot': tot, 'vanaf': vanaf, 'pad': pad}) FILTER (tot >= vanaf AND categorie IS NULL) OVER in_bericht AS zonder_product
    FROM productperiode
    WINDOW
        in_categorie AS (
            PARTITION BY klasse, bericht_id, client_id, categorie
            ORDER BY least(vanaf, tot), tot < vanaf, rij_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        in_bericht AS (
            PARTITION BY klasse, bericht_id, client_id
            ORDER BY least(vanaf, tot), tot < vanaf, rij_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), botsing AS (
    SELECT rij_id, klasse,
        'product ' || nullif(concat_ws(' ', categorie, code), '') AS product,
        botst_met(gelijk, vanaf, tot) AS gelijk,
        CASE WHEN categorie IS NOT NULL AND code IS NULL THEN botst_met(in_categorie, vanaf, tot)
            WHEN categorie IS NOT NULL THEN botst_met(zonder_code, vanaf, tot) END AS in_categorie,
        CASE WHEN categorie IS NULL THEN botst_met(in_bericht, vanaf, tot)
            ELSE botst_met(zonder_product, vanaf, tot) END AS zonder_product
    FROM eerder
)
SELECT rij_id, klasse, product,
    coalesce(gelijk, in_categorie, zonder_product) AS ruim, coalesce(gelijk, zonder_product) AS strikt
FROM botsing;
