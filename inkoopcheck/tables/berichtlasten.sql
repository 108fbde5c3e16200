-- Lasten that can be seen in the iJw messages themselves, per aanbieder: views for the audit.
--
-- The views read these tables and columns, which the audit fills (one row each):
--   bericht          bericht_id, berichttype (such as '323'), aanbieder, gemeente, datum
--   toegewezen_product  aanbieder, gemeente, client, productcode
--   prestatie        prestatie_id, aanbieder, gemeente, client, productcode, vorige_prestatie_id (of the line it
--                    repeats after rejection; NULL when it is new), begin
--   prestatie_antwoord  prestatie_id, afgekeurd (BOOLEAN)
--   standaardproduct    productcode (the standaardproductcodelijst)
-- client is a pseudonym; no view gives it out. Each statement below makes one view.

-- Messages per client and month: all messages of an aanbieder in a month over the clients with help then.
CREATE OR REPLACE VIEW lasten_berichten AS
SELECT
    b.aanbieder, b.maand, b.berichten, coalesce(c.clienten, 0) AS clienten,
    CAST(b.berichten / nullif(c.clienten, 0) AS DECIMAL(12,4)) AS berichten_per_client
FROM (
    SELECT aanbieder, date_trunc('month', datum) AS maand, count(*) AS berichten FROM bericht GROUP BY ALL
) b
LEFT JOIN (
    SELECT aanbieder, date_trunc('month', begin) AS maand, count(DISTINCT client) AS clienten FROM prestatie GROUP BY ALL
) c ON c.aanbieder = b.aanbieder AND c.maand = b.maand;

-- Declaration lines that were answered, rejected and sent again. A line without an answer counts for neither.
CREATE OR REPLACE VIEW lasten_afkeur AS
SELECT
    p.aanbieder, p.gemeente,
    count(*) AS regels,
    count(a.prestatie_id) AS beantwoord,
    count(*) FILTER (a.afgekeurd) AS afgekeurd,
    CAST(count(*) FILTER (a.afgekeurd) / nullif(count(a.prestatie_id), 0) AS DECIMAL(7,6)) AS deel_afgekeurd,
    count(p.vorige_prestatie_id) AS opnieuw_ingediend
FROM prestatie p
LEFT JOIN (
    SELECT prestatie_id, bool_or(afgekeurd) AS afgekeurd FROM prestatie_antwoord WHERE afgekeurd IS NOT NULL GROUP BY prestatie_id
) a ON a.prestatie_id = p.prestatie_id
GROUP BY p.aanbieder, p.gemeente;

-- Different products of an aanbieder, over how many gemeenten, and codes that only one gemeente uses and that are
-- not in the standaardproductcodelijst: each is a way of working of its own.
CREATE OR REPLACE VIEW lasten_producten AS
SELECT
    t.aanbieder,
    count(DISTINCT t.gemeente) AS gemeenten,
    count(DISTINCT t.productcode) AS producten,
    count(DISTINCT t.productcode) FILTER (s.productcode IS NULL) AS eigen_codes,
    count(DISTINCT t.productcode) FILTER (s.productcode IS NULL AND g.gemeenten = 1) AS codes_van_een_gemeente
FROM toegewezen_product t
LEFT JOIN (SELECT DISTINCT productcode FROM standaardproduct) s ON s.productcode = t.productcode
LEFT JOIN (SELECT productcode, count(DISTINCT gemeente) AS gemeenten FROM toegewezen_product GROUP BY productcode) g ON g.productcode = t.productcode
WHERE t.productcode IS NOT NULL
GROUP BY t.aanbieder;
