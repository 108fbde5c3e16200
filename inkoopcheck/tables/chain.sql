-- What a message means after the messages before it: the life of a toewijzing, a start, a request and a
-- prestatie. Built like messages.sql. The message that is judged (the kandidaat) stands in the tables of the
-- messages; what came before it stands in the schema ``eerder``, in the same tables.
--
-- Names: keten_x holds the rows of class x of the kandidaat, with what earlier messages say of them.

-- The day of a message: of a return message, that on which it was made.
CREATE MACRO berichtdag(dagtekening, dagtekening_retour) AS coalesce(dagtekening_retour, dagtekening);

-- Which of two messages of one day comes first: answers before what follows on them, a request before the
-- toewijzing, that before start, stop and declaratie. The standard has only days.
CREATE MACRO berichtrang(soort) AS
    CASE soort WHEN 'JW315' THEN 1 WHEN 'JW317' THEN 1 WHEN 'JW319' THEN 2 WHEN 'JW301' THEN 3
        WHEN 'JW305' THEN 4 WHEN 'JW307' THEN 5 WHEN 'JW323' THEN 6 ELSE 0 END;

-- The message that a return message answers.
CREATE MACRO heenbericht(soort) AS
    CASE soort WHEN 'JW302' THEN 'JW301' WHEN 'JW306' THEN 'JW305' WHEN 'JW308' THEN 'JW307'
        WHEN 'JW316' THEN 'JW315' WHEN 'JW318' THEN 'JW317' WHEN 'JW320' THEN 'JW319' WHEN 'JW325' THEN 'JW323' END;

-- The beginning of a fingerprint as a number, which is looked through ten times as fast as the text.
CREATE MACRO kort(vingerafdruk) AS TRY_CAST('0x' || left(vingerafdruk, 15) AS BIGINT);

-- Days, ISO weeks (Monday to Sunday), Sundays and calendar months that a period touches; both days count
-- (iJw 3.2, IV076, IV077 and IV078). 1 January of the year 1 was a Monday; datediff('week') counts whole weeks only.
CREATE MACRO dagen(b, e) AS datediff('day', b, e) + 1;
CREATE MACRO weken(b, e) AS (e - DATE '0001-01-01') // 7 - (b - DATE '0001-01-01') // 7 + 1;
CREATE MACRO maanden(b, e) AS datediff('month', b, e) + 1;
CREATE MACRO zondagen(b, e) AS
    (e - DATE '0001-01-07') // 7 - (b - DATE '0001-01-08') // 7;
-- The last Sunday on or before a day.
CREATE MACRO laatste_zondag(d) AS CAST(d - dayofweek(d)::INTEGER AS DATE);

-- Does the unit of a prestatie go with that of its toewijzing: the same, or minutes where hours were given (iJw 3.2,
-- TR341 and IV081)?
CREATE MACRO eenheid_past(eenheid, toegewezen) AS eenheid = toegewezen OR (toegewezen = '04' AND eenheid = '01');

-- A volume in the unit of the toewijzing, or in minutes when that is hours; NULL when the units do not go together.
CREATE MACRO volume_in(volume, eenheid, toegewezen) AS
    CASE WHEN eenheid_past(eenheid, toegewezen) THEN volume::HUGEINT * CASE eenheid WHEN '04' THEN 60 ELSE 1 END END;

-- Which fields of two prestaties differ, as a list of their names in the message; of the amount without its sign
-- (iJw 3.2, IV091 and TR367).
CREATE MACRO prestatie_verschillen(een, ander) AS list_filter([
    CASE WHEN een['toewijzing_nummer'] IS DISTINCT FROM ander['toewijzing_nummer'] THEN 'ToewijzingNummer' END,
    CASE WHEN een['product_categorie'] IS DISTINCT FROM ander['product_categorie'] THEN 'ProductCategorie' END,
    CASE WHEN een['product_code'] IS DISTINCT FROM ander['product_code'] THEN 'ProductCode' END,
    CASE WHEN een['begindatum'] IS DISTINCT FROM ander['begindatum']
        OR een['einddatum'] IS DISTINCT FROM ander['einddatum'] THEN 'ProductPeriode' END,
    CASE WHEN een['geleverd_volume'] IS DISTINCT FROM ander['geleverd_volume'] THEN 'GeleverdVolume' END,
    CASE WHEN een['eenheid'] IS DISTINCT FROM ander['eenheid'] THEN 'Eenheid' END,
    CASE WHEN een['product_tarief'] IS DISTINCT FROM ander['product_tarief'] THEN 'ProductTarief' END,
    CASE WHEN een['bedrag'] IS DISTINCT FROM ander['bedrag'] THEN 'Bedrag' END
], lambda naam: naam IS NOT NULL);

-- How often the volume of a toewijzing fits in one productperiode (iJw 3.2, TR321; frequentie 1 per day,
-- 2 per week, 4 per month, 6 in all). Output per week counts Sundays; a last week that does not reach its
-- Sunday counts with the last Sunday before the end. A toewijzing without any Sunday gets its volume once,
-- in the period of its end (own choice; the standard does not say).
CREATE MACRO keer_in_periode(frequentie, eenheid, b, e, ingang, einde) AS
    CASE frequentie
        WHEN '1' THEN dagen(b, e)
        WHEN '2' THEN CASE
            WHEN eenheid NOT IN ('82', '83') THEN weken(b, e)
            WHEN einde IS NOT NULL AND laatste_zondag(einde) < ingang THEN (einde BETWEEN b AND e)::BIGINT
            ELSE zondagen(b, e) + coalesce(
                dayofweek(einde) <> 0 AND laatste_zondag(einde) BETWEEN b AND e, false)::BIGINT END
        WHEN '4' THEN 1
        WHEN '6' THEN 1 END;

-- How often the volume fits in the whole toewijzing (iJw 3.2, TR322; months follow from the same method).
CREATE MACRO keer_in_looptijd(frequentie, eenheid, ingang, einde) AS
    CASE frequentie
        WHEN '1' THEN dagen(ingang, einde)
        WHEN '2' THEN CASE
            WHEN eenheid NOT IN ('82', '83') THEN weken(ingang, einde)
            ELSE zondagen(ingang, einde) + (dayofweek(einde) <> 0)::BIGINT END
        WHEN '4' THEN maanden(ingang, einde)
        WHEN '6' THEN 1 END;

-- What a start and a stop are about: a product on a toewijzing. In a struct an empty value equals an empty value,
-- as it must: a generic toewijzing has no product, and taakgericht work no number (IV096).
CREATE MACRO levering_van(nummer, categorie, code) AS {'nummer': nummer, 'categorie': categorie, 'code': code};

-- tabel: eerder_bericht
-- The messages that came before the kandidaat, with what was answered. Everything in the dossier came before,
-- unless the kandidaat is in it too: then only what its place in time allows. An answer to the kandidaat itself
-- never counts. ``telt``: not refused as a whole, so it counts as sent (iJw 3.2, OP286). A message without an
-- answer counts as accepted, unless the schema or a rule of level 2 refuses it. Of a declaratie parts may be
-- refused all the same; see eerder_prestatie.
-- A dossier can hold a million messages, so this reads no column that no later table asks for, and compares
-- fingerprints by their short form.
WITH dit AS (
    SELECT b.*, k.vingerafdruk, berichtdag(b.dagtekening, b.dagtekening_retour) AS dag
    FROM basis.kandidaat k JOIN bericht b ON b.rij_id = k.bericht_id
), allemaal AS NOT MATERIALIZED (
    SELECT b.rij_id, b.bestand, b.berichtsoort, b.afzender, b.ontvanger, b.identificatie, b.dagtekening, b.kort, b.oordeel,
        b.declaratie_identificatie, b.declaratie_identificatie_dagtekening, b.basisschema_xsd_versie, b.bericht_xsd_versie,
        berichtdag(b.dagtekening, b.dagtekening_retour) AS dag,
        CASE WHEN van_gemeente(b.berichtsoort) THEN b.afzender ELSE b.ontvanger END AS gemeente,
        CASE WHEN van_gemeente(b.berichtsoort) THEN b.ontvanger ELSE b.afzender END AS aanbieder
    FROM eerder.bericht b
), zelf AS (
    SELECT min(berichtdag(b.dagtekening, b.dagtekening_retour)) AS dag, min(b.identificatie) AS identificatie,
        min(b.bestand) AS bestand, min(b.kort) AS kort, coalesce(list(b.rij_id), []) AS rijen
    FROM eerder.bericht b, dit WHERE b.kort = kort(dit.vingerafdruk) AND b.vingerafdruk = dit.vingerafdruk
), ervoor AS NOT MATERIALIZED (
    SELECT a.* FROM allemaal a, dit, zelf
    WHERE NOT list_contains(zelf.rijen, a.rij_id)
        AND NOT (heenbericht(a.berichtsoort) IS NOT DISTINCT FROM dit.berichtsoort AND CASE WHEN a.berichtsoort = 'JW325'
            THEN a.declaratie_identificatie = dit.identificatie AND a.ontvanger = dit.afzender
                AND a.declaratie_identificatie_dagtekening IS NOT DISTINCT FROM dit.dagtekening
            ELSE a.identificatie = dit.identificatie AND a.dagtekening IS NOT DISTINCT FROM dit.dagtekening
                AND a.afzender = dit.afzender AND a.ontvanger = dit.ontvanger END)
        AND (zelf.dag IS NULL OR a.dag < zelf.dag OR (a.dag = zelf.dag AND (
            berichtrang(a.berichtsoort) < CASE WHEN berichtrang(dit.berichtsoort) = 0 THEN 9 ELSE berichtrang(dit.berichtsoort) END
            OR (berichtrang(a.berichtsoort) = berichtrang(dit.berichtsoort)
                AND (a.identificatie, a.bestand, a.kort) < (zelf.identificatie, zelf.bestand, zelf.kort)))))
), antwoord AS (
    SELECT heenbericht(a.berichtsoort) AS berichtsoort, a.afzender, a.ontvanger, a.identificatie, a.dagtekening,
        a.rij_id, a.berichtsoort AS soort_antwoord, (a.dag, a.identificatie, a.kort) AS plaats
    FROM ervoor a WHERE heenbericht(a.berichtsoort) IS NOT NULL AND a.berichtsoort <> 'JW325'
    UNION ALL
    -- A JW325 is a message of its own, with sender and receiver turned round (IV087).
    SELECT 'JW323', a.ontvanger, a.afzender, a.declaratie_identificatie, a.declaratie_identificatie_dagtekening,
        a.rij_id, a.berichtsoort, (a.dag, a.identificatie, a.kort)
    FROM ervoor a WHERE a.berichtsoort = 'JW325'
), verdict AS (
    SELECT a.berichtsoort, a.afzender, a.ontvanger, a.identificatie, a.dagtekening,
        arg_min(a.rij_id, a.plaats) AS antwoord_id,
        -- A return message on something right has no codes at all: 0200 in its Header says that the fault is
        -- elsewhere (IV032). A JW325 always has one.
        coalesce(bool_or(CASE WHEN a.soort_antwoord = 'JW325' THEN r.klasse IN ('Header', 'DeclaratieAntwoord')
            AND r.retour_code NOT IN ('0200', '8001') ELSE r.retour_code IS NOT NULL END), false) AS afgekeurd
    FROM antwoord a LEFT JOIN eerder.retourcode r ON r.bericht_id = a.rij_id
    GROUP BY ALL
)
SELECT e.* EXCLUDE (oordeel), v.antwoord_id,
    CASE WHEN v.antwoord_id IS NOT NULL THEN NOT v.afgekeurd ELSE e.oordeel = 'goed' END AS telt
FROM ervoor e
LEFT JOIN verdict v ON v.berichtsoort = e.berichtsoort AND v.afzender = e.afzender
    AND v.ontvanger = e.ontvanger AND v.identificatie = e.identificatie AND v.dagtekening IS NOT DISTINCT FROM e.dagtekening;

-- tabel: keten_bericht
-- The kandidaat itself. ``eerder_gebruikt``: the file of an earlier message of the same kind and sender with
-- the same Identificatie (TR056); ``eerder_verzonden`` leaves out messages that count as not sent (OP286).
WITH dit AS (
    SELECT b.*, k.vingerafdruk FROM basis.kandidaat k JOIN bericht b ON b.rij_id = k.bericht_id
), tussen AS (
    SELECT list(DISTINCT e.berichtsoort) AS soorten
    FROM eerder_bericht e JOIN dit ON e.gemeente = dit.gemeente AND e.aanbieder = dit.aanbieder
), gelijk AS (
    SELECT min(e.bestand) AS gebruikt, min(e.bestand) FILTER (e.telt) AS verzonden
    FROM eerder_bericht e JOIN dit ON NOT dit.is_retour AND e.berichtsoort = dit.berichtsoort AND e.afzender = dit.afzender
        AND e.identificatie = dit.identificatie
)
SELECT dit.*, gelijk.gebruikt AS eerder_gebruikt, gelijk.verzonden AS eerder_verzonden,
    coalesce(list_contains(tussen.soorten, 'JW301'), false) AS toewijzingen_bekend,
    coalesce(list_has_any(tussen.soorten, ['JW301', 'JW305', 'JW307']), false) AS leveringen_bekend,
    coalesce(list_has_any(tussen.soorten, ['JW315', 'JW317']), false) AS verzoeken_bekend,
    coalesce(list_contains(tussen.soorten, 'JW323'), false) AS declaraties_bekend
FROM dit, tussen, gelijk;

-- tabel: keten_nummer
-- The toewijzingen that the kandidaat names, to read no more of the dossier than needed.
SELECT DISTINCT toewijzing_nummer FROM (
    SELECT toewijzing_nummer, bericht_id FROM basis.toegewezen_product
    UNION ALL SELECT toewijzing_nummer, bericht_id FROM basis.start_product
    UNION ALL SELECT toewijzing_nummer, bericht_id FROM basis.stop_product
    UNION ALL SELECT toewijzing_nummer, bericht_id FROM basis.ongewijzigd_product
    UNION ALL SELECT toewijzing_nummer, bericht_id FROM basis.te_wijzigen_product
    UNION ALL SELECT toewijzing_nummer, bericht_id FROM basis.prestatie)
WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat) AND toewijzing_nummer IS NOT NULL;

-- tabel: keten_persoon
-- The clients of the kandidaat, by pseudonym.
SELECT DISTINCT client FROM basis.client
WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat) AND client IS NOT NULL;

-- tabel: eerder_toewijzing
-- Every version of the toewijzingen of the clients of the kandidaat, and of the numbers that it names.
-- ``ingetrokken``: taken back as if it was never sent (reden 13, formerly 01, with the end on the first day).
WITH gevonden AS (
    SELECT rij_id FROM eerder.toegewezen_product
    WHERE toewijzing_nummer IN (SELECT toewijzing_nummer FROM keten_nummer)
        OR client_id IN (SELECT rij_id FROM eerder.client WHERE client IN (SELECT client FROM keten_persoon))
)
SELECT t.*, b.bestand, b.identificatie, b.gemeente, b.aanbieder, b.dag, w.client,
    coalesce(t.reden_wijziging IN ('01', '13') AND t.einddatum = t.ingangsdatum, false) AS ingetrokken
FROM eerder.toegewezen_product t
JOIN eerder_bericht b ON b.rij_id = t.bericht_id AND b.berichtsoort = 'JW301' AND b.telt
JOIN eerder.client w ON w.rij_id = t.client_id
JOIN keten_bericht k ON k.gemeente = b.gemeente
WHERE t.rij_id IN (SELECT rij_id FROM gevonden);

-- tabel: toewijzing
-- The current version of each toewijzing between this gemeente and this aanbieder: the one with the latest
-- Toewijzingsdatum and Toewijzingstijd, whatever the order of arrival (iJw 3.2, IV013 and OP080).
SELECT e.* FROM eerder_toewijzing e JOIN keten_bericht k ON k.aanbieder = e.aanbieder
QUALIFY row_number() OVER (
    PARTITION BY e.client, e.toewijzing_nummer
    ORDER BY e.toewijzingsdatum DESC NULLS LAST, e.toewijzingstijd DESC NULLS LAST, e.dag DESC, e.identificatie DESC, e.rij_id DESC) = 1;

-- tabel: actuele_toewijzing
-- The toewijzingen that a request to change must name: not taken back, and not past their end on the day of
-- the request (iJw 3.2, TR349 with IV092). One that begins later is among them.
SELECT t.* FROM toewijzing t JOIN keten_bericht k ON true
WHERE NOT t.ingetrokken AND coalesce(t.einddatum >= k.dagtekening, true);

-- tabel: eerder_verzoek
-- The requests of this aanbieder (all gemeenten, since a reference is used once: TR347), with whether one is
-- still open: no JW319 with a refusal and no JW301 with its reference (iJw 3.2, TR374, OP274 and OP346).
WITH verzoek AS (
    SELECT referentie_aanbieder, bericht_id, client_id, product_categorie, product_code FROM eerder.aangevraagd_product
    UNION ALL SELECT referentie_aanbieder, bericht_id, client_id, NULL, NULL FROM eerder.verzoek
), afgewezen AS (
    SELECT DISTINCT b.gemeente, b.aanbieder, a.referentie_aanbieder
    FROM eerder.antwoord a JOIN eerder_bericht b ON b.rij_id = a.bericht_id AND b.berichtsoort = 'JW319' AND b.telt
    WHERE a.verzoek_antwoord = '1'
), gehonoreerd AS (
    SELECT DISTINCT b.gemeente, b.aanbieder, t.referentie_aanbieder
    FROM eerder.toegewezen_product t
    JOIN eerder_bericht b ON b.rij_id = t.bericht_id AND b.berichtsoort = 'JW301' AND b.telt
    WHERE t.referentie_aanbieder IS NOT NULL
)
SELECT v.*, b.berichtsoort, b.gemeente, b.aanbieder, b.dag, b.bestand, w.client,
    b.gemeente = k.gemeente AND a.referentie_aanbieder IS NULL AND h.referentie_aanbieder IS NULL AS staat_open
FROM verzoek v
JOIN eerder_bericht b ON b.rij_id = v.bericht_id AND b.berichtsoort IN ('JW315', 'JW317') AND b.telt
JOIN keten_bericht k ON k.aanbieder = b.aanbieder
LEFT JOIN eerder.client w ON w.rij_id = v.client_id
LEFT JOIN afgewezen a ON a.gemeente = b.gemeente AND a.aanbieder = b.aanbieder AND a.referentie_aanbieder = v.referentie_aanbieder
LEFT JOIN gehonoreerd h ON h.gemeente = b.gemeente AND h.aanbieder = b.aanbieder AND h.referentie_aanbieder = v.referentie_aanbieder;

-- tabel: eerder_levering
-- Starts and stops between this gemeente and this aanbieder that are in force: delivered (status 1) and not removed
-- (status 3). A key is delivered and removed by turns (iJw 3.2, IV008, TR063 and TR074). So the last day with more
-- of the one than of the other decides, and the order of messages within a day makes no difference.
WITH regel AS (
    SELECT 'start' AS soort, bericht_id, client_id, levering_van(toewijzing_nummer, product_categorie, product_code) AS levering,
        begindatum, NULL::DATE AS einddatum, NULL AS reden_beeindiging, status_aanlevering
    FROM eerder.start_product
    UNION ALL
    SELECT 'stop', bericht_id, client_id, levering_van(toewijzing_nummer, product_categorie, product_code),
        begindatum, einddatum, reden_beeindiging, status_aanlevering
    FROM eerder.stop_product
), per_dag AS (
    SELECT r.soort, w.client, r.levering, r.begindatum, r.einddatum, r.reden_beeindiging, b.dag,
        count(*) FILTER (r.status_aanlevering <> '3') AS gestuurd, count(*) FILTER (r.status_aanlevering = '3') AS verwijderd
    FROM regel r
    JOIN eerder_bericht b ON b.rij_id = r.bericht_id AND b.telt
        AND b.berichtsoort = CASE r.soort WHEN 'start' THEN 'JW305' ELSE 'JW307' END
    JOIN keten_bericht k ON k.gemeente = b.gemeente AND k.aanbieder = b.aanbieder
    JOIN eerder.client w ON w.rij_id = r.client_id AND w.client IN (SELECT client FROM keten_persoon)
    GROUP BY ALL
), laatste AS (
    SELECT * FROM per_dag WHERE gestuurd <> verwijderd
    QUALIFY row_number() OVER (PARTITION BY soort, client, levering, begindatum, einddatum, reden_beeindiging ORDER BY dag DESC) = 1
)
SELECT soort, client, levering, begindatum, einddatum, reden_beeindiging FROM laatste WHERE gestuurd > verwijderd;

-- tabel: levering
-- The starts and stops that a first delivery in the kandidaat meets: those in force, without what the kandidaat
-- removes (that comes first, wherever it stands), and the first deliveries that stand above it in the kandidaat
-- (``boven`` is their number).
WITH dit AS (
    SELECT 'start' AS soort, rij_id, client, levering_van(toewijzing_nummer, product_categorie, product_code) AS levering,
        begindatum, NULL::DATE AS einddatum, NULL AS reden_beeindiging, status_aanlevering
    FROM start_product WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat)
    UNION ALL
    SELECT 'stop', rij_id, client, levering_van(toewijzing_nummer, product_categorie, product_code),
        begindatum, einddatum, reden_beeindiging, status_aanlevering
    FROM stop_product WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat)
)
SELECT NULL::BIGINT AS boven, e.* FROM eerder_levering e
WHERE NOT EXISTS (
    SELECT 1 FROM dit d WHERE d.status_aanlevering = '3' AND d.soort = e.soort AND d.client = e.client
        AND d.levering = e.levering AND d.begindatum = e.begindatum
        AND d.einddatum IS NOT DISTINCT FROM e.einddatum
        AND d.reden_beeindiging IS NOT DISTINCT FROM e.reden_beeindiging)
UNION ALL
SELECT rij_id, soort, client, levering, begindatum, einddatum, reden_beeindiging FROM dit WHERE status_aanlevering <> '3';

-- tabel: beantwoorde_declaratie
-- The JW323 that a JW325 answers (iJw 3.2, TR337). A number may be used again after a refusal, so one that counts
-- goes first.
SELECT b.* FROM keten_bericht k JOIN eerder_bericht b ON k.berichtsoort = 'JW325' AND b.berichtsoort = 'JW323'
    AND b.identificatie = k.declaratie_identificatie AND b.dagtekening IS NOT DISTINCT FROM k.declaratie_identificatie_dagtekening
    AND b.afzender = k.ontvanger AND b.ontvanger = k.afzender
QUALIFY row_number() OVER (ORDER BY b.telt DESC, b.kort) = 1;

-- tabel: eerder_prestatie
-- The earlier prestaties of this aanbieder that matter for the kandidaat: on a toewijzing that it names, or with a
-- number that it names; and the credits on them. ``stand``: toegekend (there is a JW325 that does not refuse it),
-- afgewezen, or onbeantwoord. ``credit``: a credit that was not refused, so that an unanswered one counts too, as
-- it does in the sum of TR369; ``credit_zelfde_periode``: one with the same period (TR389);
-- ``credit_toegekend``: one that was granted.
WITH declaratie AS (
    SELECT b.rij_id, b.identificatie, b.dagtekening, b.afzender, b.ontvanger,
        b.antwoord_id IS NOT NULL AS beantwoord, b.gemeente = k.gemeente AS zelfde_partijen
    FROM eerder_bericht b JOIN keten_bericht k ON k.aanbieder = b.aanbieder AND k.berichtsoort IN ('JW301', 'JW323')
    WHERE b.berichtsoort = 'JW323' AND b.telt
), verwijzing AS (
    SELECT referentie_nummer AS nummer FROM basis.prestatie WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat)
    UNION SELECT vorig_referentie_nummer FROM basis.prestatie
    WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat) AND vorig_referentie_nummer IS NOT NULL
), ingediend AS (
    SELECT p.rij_id, p.bericht_id, p.client_id, p.referentie_nummer, p.vorig_referentie_nummer, p.toewijzing_nummer,
        p.product_categorie, p.product_code, p.begindatum, p.einddatum, p.geleverd_volume, p.eenheid, p.product_tarief,
        p.bedrag, p.debet_credit, d.beantwoord, d.zelfde_partijen
    FROM eerder.prestatie p JOIN declaratie d ON d.rij_id = p.bericht_id
), genoemd AS (
    SELECT * FROM ingediend
    WHERE toewijzing_nummer IN (SELECT toewijzing_nummer FROM keten_nummer)
        OR referentie_nummer IN (SELECT nummer FROM verwijzing)
        OR vorig_referentie_nummer IN (SELECT nummer FROM verwijzing)
), regel AS (
    SELECT * FROM genoemd
    UNION ALL
    -- A credit may name another toewijzing than the prestatie that it reverses.
    SELECT * FROM ingediend
    WHERE debet_credit = 'C' AND vorig_referentie_nummer IN (SELECT referentie_nummer FROM genoemd)
        AND rij_id NOT IN (SELECT rij_id FROM genoemd)
), geweigerd AS (
    SELECT DISTINCT d.rij_id AS bericht_id, p.referentie_nummer
    FROM declaratie d
    JOIN eerder_bericht a ON a.berichtsoort = 'JW325' AND a.declaratie_identificatie = d.identificatie
        AND a.declaratie_identificatie_dagtekening IS NOT DISTINCT FROM d.dagtekening
        AND a.ontvanger = d.afzender AND a.afzender = d.ontvanger
    JOIN eerder.prestatie p ON p.bericht_id = a.rij_id
), stand AS (
    SELECT r.* EXCLUDE (client_id, beantwoord), w.client,
        CASE WHEN g.referentie_nummer IS NOT NULL OR o.rij_id IS NOT NULL THEN 'afgewezen'
            WHEN r.beantwoord THEN 'toegekend' ELSE 'onbeantwoord' END AS stand
    FROM regel r
    LEFT JOIN (SELECT rij_id, client FROM eerder.client WHERE bericht_id IN (SELECT rij_id FROM declaratie)) w
        ON w.rij_id = r.client_id
    LEFT JOIN geweigerd g ON g.bericht_id = r.bericht_id AND g.referentie_nummer = r.referentie_nummer
    -- What this run found wrong with a declaratie that has no answer yet.
    LEFT JOIN eerder.afgewezen o ON NOT r.beantwoord AND o.rij_id = r.rij_id
)
SELECT s.*,
    c.nummer IS NOT NULL AS credit, coalesce(c.toegekend, false) AS credit_toegekend,
    coalesce(list_contains(c.perioden, [s.begindatum, s.einddatum]), false) AS credit_zelfde_periode
FROM stand s
LEFT JOIN (
    SELECT vorig_referentie_nummer AS nummer, bool_or(stand = 'toegekend') AS toegekend,
        list([begindatum, einddatum]) AS perioden
    FROM stand WHERE debet_credit = 'C' AND stand <> 'afgewezen' AND vorig_referentie_nummer IS NOT NULL
    GROUP BY vorig_referentie_nummer
) c ON s.debet_credit = 'D' AND c.nummer = s.referentie_nummer;

-- tabel: keten_prestatie
-- Per prestatie of a JW323: its toewijzing (tw_), how much room that leaves, and what was declared before.
-- ``toewijzing_gevonden`` is NULL when the dossier has no JW301 between the two parties at all.
-- ``vorige_gevonden`` (TR323) is NULL when it has no JW301 and no JW323 between them. ``onder_toewijzing``: must the prestatie
-- fit its toewijzing? A credit need not: it may be refused on technical grounds only (IV085). And of a toewijzing
-- that was deleted only that is told (TR384): it ends on its first day, so that nothing could fit it.
-- Sums run in the order of the message, and have in them what is refused for another reason.
WITH dit AS (
    SELECT p.*, k.toewijzingen_bekend, k.declaraties_bekend
    FROM prestatie p JOIN keten_bericht k ON k.rij_id = p.bericht_id AND k.berichtsoort = 'JW323'
), teruggedraaid AS (
    -- Credits come first (OP366), also those of this declaratie.
    SELECT vorig_referentie_nummer AS nummer, list([begindatum, einddatum]) AS perioden
    FROM dit WHERE debet_credit = 'C' AND vorig_referentie_nummer IS NOT NULL
    GROUP BY vorig_referentie_nummer
), eerder_op AS (
    -- Volumes as in volume_in; ``minuten``: are there minutes among them?
    SELECT t.rij_id AS tw_id,
        sum(volume_in(e.geleverd_volume, e.eenheid, t.eenheid)) FILTER (e.telt_mee) AS volume,
        coalesce(bool_or(e.eenheid = '01') FILTER (e.telt_mee), false) AS minuten,
        sum(met_teken(e.bedrag, e.debet_credit)) AS bedrag,
        max(e.einddatum) AS einddatum
    FROM (
        SELECT e.client, e.toewijzing_nummer, e.geleverd_volume, e.eenheid, e.bedrag, e.debet_credit, e.einddatum,
            e.debet_credit = 'D' AND NOT e.credit AND c.nummer IS NULL AS telt_mee
        FROM eerder_prestatie e LEFT JOIN teruggedraaid c ON c.nummer = e.referentie_nummer
        WHERE e.zelfde_partijen AND e.stand <> 'afgewezen'
    ) e JOIN toewijzing t ON t.client = e.client AND t.toewijzing_nummer = e.toewijzing_nummer
    GROUP BY t.rij_id
), gekoppeld AS (
    SELECT dit.rij_id, t.rij_id AS tw_id, dit.einddatum, dit.eenheid, dit.bedrag, dit.debet_credit,
        volume_in(dit.geleverd_volume, dit.eenheid, t.eenheid) AS volume
    FROM dit JOIN toewijzing t ON t.client = dit.client AND t.toewijzing_nummer = dit.toewijzing_nummer
), opgeteld AS (
    SELECT g.rij_id, g.tw_id,
        sum(CASE WHEN debet_credit = 'D' THEN volume END) OVER tot_hier AS volume,
        sum(CASE WHEN debet_credit = 'D' THEN bedrag END) OVER tot_hier AS debet,
        sum(CASE WHEN debet_credit = 'C' THEN -bedrag END) OVER op_toewijzing AS credit,
        bool_or(debet_credit = 'D' AND eenheid = '01') OVER op_toewijzing AS minuten,
        max(einddatum) OVER op_toewijzing AS einddatum
    FROM gekoppeld g
    WINDOW op_toewijzing AS (PARTITION BY tw_id), tot_hier AS (PARTITION BY tw_id ORDER BY rij_id)
), samen AS (
    SELECT h.rij_id, h.tw_id, h.minuten OR coalesce(op.minuten, false) AS minuten,
        coalesce(op.volume, 0) + coalesce(h.volume, 0) AS volume,
        coalesce(op.bedrag, 0) + coalesce(h.credit, 0) + coalesce(h.debet, 0) AS bedrag,
        greatest(h.einddatum, op.einddatum) AS einddatum
    FROM opgeteld h LEFT JOIN eerder_op op ON op.tw_id = h.tw_id
), zelfde AS (
    SELECT p.rij_id, min(b.bestand) AS bestand
    FROM dit p JOIN eerder_prestatie e ON e.referentie_nummer = p.referentie_nummer
    JOIN eerder_bericht b ON b.rij_id = e.bericht_id
    GROUP BY p.rij_id
), debet AS (
    SELECT p.rij_id, min(e.referentie_nummer) AS nummer
    FROM dit p JOIN eerder_prestatie e ON p.debet_credit = 'D' AND e.debet_credit = 'D'
        AND e.toewijzing_nummer = p.toewijzing_nummer
        AND e.product_categorie IS NOT DISTINCT FROM p.product_categorie AND e.product_code IS NOT DISTINCT FROM p.product_code
        AND e.begindatum = p.begindatum AND e.einddatum = p.einddatum
    LEFT JOIN teruggedraaid c ON c.nummer = e.referentie_nummer
    WHERE e.zelfde_partijen AND e.stand <> 'afgewezen' AND NOT e.credit_zelfde_periode
        AND NOT coalesce(list_contains(c.perioden, [e.begindatum, e.einddatum]), false)
    GROUP BY p.rij_id
), origineel AS (
    -- The prestatie that a credit reverses. Its number should be there once (TR314); of more, the best one.
    SELECT c.rij_id AS credit_id, e.rij_id, e.stand, b.bestand, e.client = c.client AS zelfde_client,
        prestatie_verschillen(c, e) AS verschillen
    FROM dit c JOIN eerder_prestatie e ON c.debet_credit = 'C' AND e.debet_credit = 'D'
        AND e.referentie_nummer = c.vorig_referentie_nummer
    JOIN eerder_bericht b ON b.rij_id = e.bericht_id
    QUALIFY row_number() OVER (PARTITION BY c.rij_id
        ORDER BY e.client = c.client DESC, e.stand = 'toegekend' DESC, b.dag, b.identificatie, e.rij_id) = 1
), gemeten AS (
    SELECT s.rij_id,
        -- In what TR322 counts: hours become minutes only when there are minutes on the toewijzing.
        CASE WHEN t.eenheid = '04' AND s.minuten THEN '01' ELSE t.eenheid END AS rekeneenheid,
        -- Without an end the end of the last period that was declared stands in for it.
        t.volume::HUGEINT * CASE WHEN t.eenheid = '04' AND s.minuten THEN 60 ELSE 1 END
            * keer_in_looptijd(t.frequentie, t.eenheid, t.ingangsdatum, coalesce(t.einddatum, s.einddatum))
            AS ruimte_in_looptijd,
        CASE WHEN t.eenheid = '04' AND NOT s.minuten THEN s.volume // 60 ELSE s.volume END AS volume_samen,
        s.bedrag AS bedrag_samen
    FROM samen s JOIN toewijzing t ON t.rij_id = s.tw_id
)
SELECT p.* EXCLUDE (toewijzingen_bekend, declaraties_bekend),
    CASE WHEN p.toewijzingen_bekend OR t.rij_id IS NOT NULL THEN t.rij_id IS NOT NULL END AS toewijzing_gevonden,
    CASE WHEN p.debet_credit IS DISTINCT FROM 'D' THEN false
        WHEN p.toewijzingen_bekend OR t.rij_id IS NOT NULL
        THEN t.rij_id IS NOT NULL AND t.reden_wijziging IS DISTINCT FROM '13' END AS onder_toewijzing,
    -- A number that only another client has is a matter of TR304 (iJw 3.2, text of code 8187).
    coalesce(p.toewijzingen_bekend AND t.rij_id IS NULL AND ander.toewijzing_nummer IS NOT NULL, false) AS nummer_van_ander,
    CASE WHEN p.toewijzingen_bekend THEN bekend.client IS NOT NULL END AS client_bekend,
    t.reden_wijziging AS tw_reden_wijziging, t.ingangsdatum AS tw_ingangsdatum, t.einddatum AS tw_einddatum,
    t.product_categorie AS tw_categorie, t.product_code AS tw_code, t.heeft_omvang AS tw_heeft_omvang,
    t.volume AS tw_volume, t.eenheid AS tw_eenheid, t.frequentie AS tw_frequentie, t.budget AS tw_budget,
    t.bestand AS tw_bestand,
    eenheid_past(p.eenheid, t.eenheid) AS eenheid_past,
    t.volume::HUGEINT * CASE WHEN t.eenheid = '04' AND p.eenheid = '01' THEN 60 ELSE 1 END
        * keer_in_periode(t.frequentie, t.eenheid, p.begindatum, p.einddatum, t.ingangsdatum, t.einddatum)
        AS ruimte_in_periode,
    m.* EXCLUDE (rij_id),
    d.einddatum AS declaratie_einddatum,
    zelfde.bestand AS nummer_eerder, keer.keer,
    debet.nummer AS debet_eerder,
    CASE WHEN p.debet_credit = 'C' AND (p.toewijzingen_bekend OR p.declaraties_bekend OR origineel.rij_id IS NOT NULL)
        THEN coalesce(origineel.stand = 'toegekend' AND origineel.zelfde_client, false) END AS vorige_gevonden,
    origineel.stand AS vorige_stand, origineel.zelfde_client AS vorige_zelfde_client,
    origineel.bestand AS vorige_bestand,
    credit.nummer AS credit_eerder,
    CASE WHEN origineel.zelfde_client THEN origineel.verschillen END AS credit_verschillen
FROM dit p
LEFT JOIN declaratie d ON d.bericht_id = p.bericht_id
LEFT JOIN toewijzing t ON t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer
LEFT JOIN gemeten m ON m.rij_id = p.rij_id
LEFT JOIN (SELECT DISTINCT e.toewijzing_nummer FROM eerder_toewijzing e JOIN keten_bericht k ON k.aanbieder = e.aanbieder) ander
    ON ander.toewijzing_nummer = p.toewijzing_nummer
LEFT JOIN (SELECT DISTINCT client FROM toewijzing) bekend ON bekend.client = p.client
LEFT JOIN (SELECT referentie_nummer, count(*) AS keer FROM dit GROUP BY referentie_nummer) keer
    ON keer.referentie_nummer = p.referentie_nummer
LEFT JOIN zelfde ON zelfde.rij_id = p.rij_id
LEFT JOIN debet ON debet.rij_id = p.rij_id
LEFT JOIN origineel ON origineel.credit_id = p.rij_id
LEFT JOIN (SELECT vorig_referentie_nummer, min(referentie_nummer) AS nummer FROM eerder_prestatie
    WHERE debet_credit = 'C' AND stand <> 'afgewezen' GROUP BY 1) credit
    ON p.debet_credit = 'C' AND credit.vorig_referentie_nummer = p.vorig_referentie_nummer;

-- tabel: keten_client
-- ``client_bekend``: does the message that this one rests on know the client (TR304)? That is the JW323 that a JW325
-- answers; for others any JW301 of this gemeente to this aanbieder. NULL when the dossier has no such message at
-- all. ``vreemd_nummer``: a prestatie of this client names a toewijzing that belongs to another client.
-- ``open_verzoek``: reference of an earlier request that is still open.
SELECT c.*,
    CASE WHEN k.berichtsoort = 'JW325' THEN CASE WHEN d.rij_id IS NOT NULL THEN EXISTS (
            SELECT 1 FROM eerder.client e WHERE e.bericht_id = d.rij_id AND e.client = c.client) END
        WHEN k.toewijzingen_bekend THEN EXISTS (
            SELECT 1 FROM eerder_toewijzing t WHERE t.client = c.client AND t.aanbieder = k.aanbieder) END AS client_bekend,
    prestaties.vreemd_nummer, prestaties.bedrag AS gedeclareerd,
    verzoek.referentie AS open_verzoek
FROM client c JOIN keten_bericht k ON k.rij_id = c.bericht_id
LEFT JOIN (
    SELECT client_id, min(toewijzing_nummer) FILTER (nummer_van_ander) AS vreemd_nummer, sum(bedrag_met_teken)::BIGINT AS bedrag
    FROM keten_prestatie GROUP BY client_id
) prestaties ON prestaties.client_id = c.rij_id
LEFT JOIN (
    SELECT client, min(referentie_aanbieder) AS referentie FROM eerder_verzoek WHERE staat_open GROUP BY client
) verzoek ON verzoek.client = c.client
LEFT JOIN beantwoorde_declaratie d ON true;

-- tabel: keten_start
-- Per start of the kandidaat: its toewijzing, and the deliveries that it meets. ``toewijzing_gevonden`` is NULL
-- when the dossier has no JW301 between the two parties at all; ``zelfde_eerder`` when it has nothing of them.
WITH dit AS (
    SELECT s.*, k.toewijzingen_bekend, k.leveringen_bekend,
        levering_van(s.toewijzing_nummer, s.product_categorie, s.product_code) AS levering
    FROM start_product s JOIN keten_bericht k ON k.rij_id = s.bericht_id
)
SELECT s.* EXCLUDE (toewijzingen_bekend, leveringen_bekend, levering),
    CASE WHEN s.toewijzing_nummer IS NULL THEN false
        WHEN s.toewijzingen_bekend THEN coalesce(NOT t.ingetrokken, false) END AS toewijzing_gevonden,
    CASE WHEN s.leveringen_bekend THEN EXISTS (
        SELECT 1 FROM eerder_levering e WHERE e.soort = 'start' AND e.client = s.client AND e.levering = s.levering
            AND e.begindatum = s.begindatum) END AS zelfde_eerder,
    EXISTS (
        SELECT 1 FROM levering e WHERE e.boven IS NULL AND e.soort = 'start' AND e.client = s.client AND e.levering = s.levering
            AND e.begindatum = s.begindatum) AS zelfde_actief,
    (SELECT max(e.einddatum) FROM eerder_levering e WHERE e.soort = 'stop' AND e.client = s.client AND e.levering = s.levering
        AND e.begindatum = s.begindatum) AS gestopt_op,
    (SELECT max(e.begindatum) FROM levering e WHERE e.soort = 'start' AND coalesce(e.boven < s.rij_id, true)
        AND e.client = s.client AND e.levering = s.levering
        AND NOT EXISTS (SELECT 1 FROM eerder_levering z WHERE z.soort = 'stop' AND z.client = e.client
            AND z.levering = e.levering AND z.begindatum = e.begindatum)) AS loopt_sinds
FROM dit s
LEFT JOIN toewijzing t ON t.client = s.client AND t.toewijzing_nummer = s.toewijzing_nummer;

-- tabel: keten_stop
-- Per stop of the kandidaat: its toewijzing, the last start of its product, and the stops that it meets. Stops on
-- one start have its toewijzing and begin in common, not its product (TR413 to TR415); without a number the product
-- is all there is to tell one start from another (IV096).
WITH dit AS (
    SELECT s.*, k.toewijzingen_bekend, k.leveringen_bekend,
        levering_van(s.toewijzing_nummer, s.product_categorie, s.product_code) AS levering
    FROM stop_product s JOIN keten_bericht k ON k.rij_id = s.bericht_id
), andere AS (
    SELECT s.rij_id, e.einddatum, e.reden_beeindiging = '20' AS tijdelijk
    FROM dit s JOIN levering e ON e.soort = 'stop' AND e.client = s.client AND e.begindatum = s.begindatum
        AND (e.levering = s.levering OR e.levering.nummer = s.toewijzing_nummer) AND coalesce(e.boven < s.rij_id, true)
), gestopt AS (
    SELECT rij_id, max(einddatum) FILTER (tijdelijk) AS tijdelijk_gestopt_op,
        max(einddatum) FILTER (NOT tijdelijk) AS definitief_gestopt_op
    FROM andere GROUP BY rij_id
)
SELECT s.* EXCLUDE (toewijzingen_bekend, leveringen_bekend, levering),
    CASE WHEN s.toewijzing_nummer IS NULL THEN false
        WHEN s.toewijzingen_bekend THEN coalesce(NOT t.ingetrokken, false) END AS toewijzing_gevonden,
    CASE WHEN s.leveringen_bekend THEN EXISTS (
        SELECT 1 FROM eerder_levering e WHERE e.soort = 'stop' AND e.client = s.client AND e.levering = s.levering
            AND e.begindatum = s.begindatum AND e.einddatum = s.einddatum AND e.reden_beeindiging = s.reden_beeindiging) END AS zelfde_eerder,
    EXISTS (
        SELECT 1 FROM levering e WHERE e.boven IS NULL AND e.soort = 'stop' AND e.client = s.client AND e.levering = s.levering
            AND e.begindatum = s.begindatum AND e.einddatum = s.einddatum AND e.reden_beeindiging = s.reden_beeindiging) AS zelfde_actief,
    start.begindatum AS laatste_start,
    CASE WHEN s.leveringen_bekend THEN coalesce(start.begindatum = s.begindatum, false) END AS start_gevonden,
    g.tijdelijk_gestopt_op, g.definitief_gestopt_op
FROM dit s
LEFT JOIN toewijzing t ON t.client = s.client AND t.toewijzing_nummer = s.toewijzing_nummer
LEFT JOIN (
    SELECT client, levering, max(begindatum) AS begindatum FROM eerder_levering WHERE soort = 'start' GROUP BY ALL
) start ON start.client = s.client AND start.levering = s.levering
LEFT JOIN gestopt g ON g.rij_id = s.rij_id;

-- tabel: keten_toegewezen
-- Per toewijzing of the kandidaat: the earlier versions of its number, the request that it names, and what was
-- declared on it. ``passend_verzoek``: a new toewijzing names no request, but there is an open one for its product
-- that the message does not grant in another toewijzing.
SELECT p.*,
    nullif(list_filter([
        CASE WHEN eerder.andere_client THEN 'cliënt' END, CASE WHEN eerder.andere_aanbieder THEN 'aanbieder' END,
        CASE WHEN eerder.ander_product THEN 'product' END, CASE WHEN eerder.andere_ingangsdatum THEN 'ingangsdatum' END
    ], lambda x: x IS NOT NULL), []) AS eerder_anders,
    coalesce(eerder.zelfde_verzonden, false) AS zelfde_verzonden,
    CASE WHEN k.verzoeken_bekend THEN coalesce(verzoek.staat_open, false) END AS verzoek_staat_open,
    wijziging.referentie_aanbieder AS gehonoreerd_verzoek, passend.referentie AS passend_verzoek,
    open_prestatie.aantal AS niet_gecrediteerd, open_prestatie.bedrag AS niet_gecrediteerd_bedrag
FROM toegewezen_product p JOIN keten_bericht k ON k.rij_id = p.bericht_id
LEFT JOIN (
    SELECT p.rij_id,
        bool_or(e.client <> p.client) AS andere_client,
        bool_or(e.aanbieder <> p.aanbieder) AS andere_aanbieder,
        bool_or(e.product_categorie IS DISTINCT FROM p.product_categorie OR e.product_code IS DISTINCT FROM p.product_code) AS ander_product,
        bool_or(e.ingangsdatum <> p.ingangsdatum) AS andere_ingangsdatum,
        bool_or(e.toewijzingsdatum = p.toewijzingsdatum AND e.toewijzingstijd IS NOT DISTINCT FROM p.toewijzingstijd
            AND e.referentie_aanbieder IS NOT DISTINCT FROM p.referentie_aanbieder) AS zelfde_verzonden
    FROM toegewezen_product p JOIN eerder_toewijzing e ON e.toewijzing_nummer = p.toewijzing_nummer
    WHERE p.bericht_id = (SELECT bericht_id FROM basis.kandidaat)
    GROUP BY p.rij_id
) eerder ON eerder.rij_id = p.rij_id
LEFT JOIN (
    SELECT v.client, v.gemeente, v.referentie_aanbieder, bool_or(v.staat_open) AS staat_open
    FROM eerder_verzoek v GROUP BY v.client, v.gemeente, v.referentie_aanbieder
) verzoek ON verzoek.client = p.client AND verzoek.gemeente = p.gemeente AND verzoek.referentie_aanbieder = p.referentie_aanbieder
LEFT JOIN (
    SELECT q.bericht_id, min(q.referentie_aanbieder) AS referentie_aanbieder
    FROM toegewezen_product q JOIN eerder_verzoek v ON v.berichtsoort = 'JW317' AND v.client = q.client
        AND v.gemeente = q.gemeente AND v.referentie_aanbieder = q.referentie_aanbieder AND v.staat_open
    WHERE q.bericht_id = (SELECT bericht_id FROM basis.kandidaat)
    GROUP BY q.bericht_id
) wijziging ON wijziging.bericht_id = p.bericht_id
LEFT JOIN (
    SELECT v.client, v.gemeente, v.product_categorie, v.product_code, min(v.referentie_aanbieder) AS referentie
    FROM eerder_verzoek v
    WHERE v.staat_open AND v.berichtsoort = 'JW315' AND v.referentie_aanbieder NOT IN (
        SELECT q.referentie_aanbieder FROM toegewezen_product q
        WHERE q.bericht_id = (SELECT bericht_id FROM basis.kandidaat) AND q.referentie_aanbieder IS NOT NULL)
    GROUP BY ALL
) passend ON p.referentie_aanbieder IS NULL AND eerder.rij_id IS NULL AND passend.client = p.client AND passend.gemeente = p.gemeente
    AND passend.product_categorie IS NOT DISTINCT FROM p.product_categorie
    AND passend.product_code IS NOT DISTINCT FROM p.product_code
LEFT JOIN (
    SELECT toewijzing_nummer, count(*) AS aantal, sum(bedrag)::BIGINT AS bedrag FROM eerder_prestatie
    WHERE zelfde_partijen AND debet_credit = 'D' AND stand = 'toegekend' AND NOT credit_toegekend
    GROUP BY toewijzing_nummer
) open_prestatie ON open_prestatie.toewijzing_nummer = p.toewijzing_nummer;

-- tabel: keten_aangevraagd
-- ``referentie_eerder``: file of an earlier request of this aanbieder with the same reference (TR347).
SELECT p.*, e.bestand AS referentie_eerder
FROM aangevraagd_product p JOIN keten_bericht k ON k.rij_id = p.bericht_id
LEFT JOIN (SELECT referentie_aanbieder, min(bestand) AS bestand FROM eerder_verzoek GROUP BY 1) e
    ON e.referentie_aanbieder = p.referentie_aanbieder;

-- tabel: keten_verzoek
-- ``niet_genoemd``: current toewijzingen of the client that the request names neither as unchanged nor as to
-- change (TR349); NULL when the dossier has no JW301 between the two parties.
SELECT v.*, e.bestand AS referentie_eerder, o.referentie AS open_verzoek,
    CASE WHEN k.toewijzingen_bekend THEN coalesce(m.nummers, []) END AS niet_genoemd
FROM verzoek v JOIN keten_bericht k ON k.rij_id = v.bericht_id
LEFT JOIN (SELECT referentie_aanbieder, min(bestand) AS bestand FROM eerder_verzoek GROUP BY 1) e
    ON e.referentie_aanbieder = v.referentie_aanbieder
LEFT JOIN (SELECT client, min(referentie_aanbieder) AS referentie FROM eerder_verzoek WHERE staat_open GROUP BY 1) o
    ON o.client = v.client
LEFT JOIN (
    SELECT a.client, list(a.toewijzing_nummer ORDER BY a.toewijzing_nummer) AS nummers
    FROM actuele_toewijzing a
    WHERE a.toewijzing_nummer NOT IN (SELECT toewijzing_nummer FROM keten_nummer)
    GROUP BY a.client
) m ON m.client = v.client;

-- tabel: pakketoverlap
-- The products in a request to change that overlap with another of them (iJw 3.2, TR361 and IV093). A product to
-- change has two periods: until the day before the change the toewijzing goes on as it is. New products among
-- themselves are a matter of TR410. ``ruim`` and ``strikt``: path of the other, as in productoverlap.
WITH periode AS (
    SELECT 'ongewijzigd' AS klasse, p.rij_id, p.pad, t.product_categorie AS categorie, t.product_code AS code,
        t.ingangsdatum AS vanaf, t.einddatum AS tot
    FROM ongewijzigd_product p
    JOIN actuele_toewijzing t ON t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer
    WHERE p.bericht_id = (SELECT bericht_id FROM basis.kandidaat)
    UNION ALL
    SELECT 'te_wijzigen', p.rij_id, p.pad, t.product_categorie, t.product_code, p.gewenste_ingangsdatum, p.einddatum
    FROM te_wijzigen_product p
    JOIN actuele_toewijzing t ON t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer
    WHERE p.bericht_id = (SELECT bericht_id FROM basis.kandidaat)
    UNION ALL
    SELECT 'te_wijzigen', p.rij_id, p.pad, t.product_categorie, t.product_code, t.ingangsdatum,
        CAST(p.gewenste_ingangsdatum - 1 AS DATE)
    FROM te_wijzigen_product p
    JOIN actuele_toewijzing t ON t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer
    WHERE p.bericht_id = (SELECT bericht_id FROM basis.kandidaat) AND t.ingangsdatum < p.gewenste_ingangsdatum
    UNION ALL
    SELECT 'nieuw', p.rij_id, p.pad, p.product_categorie, p.product_code, p.gewenste_ingangsdatum, p.einddatum
    FROM nieuw_product p WHERE p.bericht_id = (SELECT bericht_id FROM basis.kandidaat)
)
SELECT a.klasse, a.rij_id, min(b.pad) AS ruim,
    min(b.pad) FILTER (a.categorie IS NULL OR b.categorie IS NULL OR a.code IS NOT DISTINCT FROM b.code) AS strikt
FROM periode a JOIN periode b ON (a.klasse <> b.klasse OR a.rij_id <> b.rij_id) AND NOT (a.klasse = 'nieuw' AND b.klasse = 'nieuw')
    AND overlapt(a.vanaf, a.tot, b.vanaf, b.tot)
    AND zelfde_product(a.categorie, a.code, b.categorie, b.code)
GROUP BY a.klasse, a.rij_id;

-- tabel: keten_ongewijzigd
-- ``is_actueel``: does it name a current toewijzing (TR350)? ``botst``: path of another product in the request
-- that overlaps with it (TR361).
SELECT p.*,
    CASE WHEN k.toewijzingen_bekend THEN t.rij_id IS NOT NULL END AS is_actueel, c.client_bekend,
    x.ruim AS botst, x.strikt AS botst_strikt
FROM ongewijzigd_product p JOIN keten_bericht k ON k.rij_id = p.bericht_id
LEFT JOIN keten_client c ON c.rij_id = p.client_id
LEFT JOIN actuele_toewijzing t ON t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer
LEFT JOIN pakketoverlap x ON x.klasse = 'ongewijzigd' AND x.rij_id = p.rij_id;

-- tabel: keten_te_wijzigen
-- Per product to change: the toewijzing that it changes (tw_). ``wijzigt_totaal``: does it change the budget, or
-- the volume over the whole term (TR373)?
SELECT p.*,
    CASE WHEN k.toewijzingen_bekend THEN t.rij_id IS NOT NULL END AS is_actueel, c.client_bekend,
    t.ingangsdatum AS tw_ingangsdatum, t.einddatum AS tw_einddatum, t.product_categorie AS tw_categorie,
    t.product_code AS tw_code, t.heeft_product AS tw_heeft_product, t.budget AS tw_budget, t.volume AS tw_volume,
    t.eenheid AS tw_eenheid, t.frequentie AS tw_frequentie,
    (t.budget IS NOT NULL AND p.budget IS DISTINCT FROM t.budget)
        OR coalesce(t.frequentie = '6', false) AND (p.volume IS DISTINCT FROM t.volume
            OR p.eenheid IS DISTINCT FROM t.eenheid OR p.frequentie IS DISTINCT FROM t.frequentie) AS wijzigt_totaal,
    x.ruim AS botst, x.strikt AS botst_strikt
FROM te_wijzigen_product p JOIN keten_bericht k ON k.rij_id = p.bericht_id
LEFT JOIN keten_client c ON c.rij_id = p.client_id
LEFT JOIN actuele_toewijzing t ON t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer
LEFT JOIN pakketoverlap x ON x.klasse = 'te_wijzigen' AND x.rij_id = p.rij_id;

-- tabel: keten_nieuw
-- ``client_bekend``: of an unknown client no product can overlap (TR304 speaks).
SELECT p.*, c.client_bekend, x.ruim AS botst, x.strikt AS botst_strikt
FROM nieuw_product p JOIN keten_bericht k ON k.rij_id = p.bericht_id
LEFT JOIN keten_client c ON c.rij_id = p.client_id
LEFT JOIN pakketoverlap x ON x.klasse = 'nieuw' AND x.rij_id = p.rij_id;

-- tabel: keten_antwoord
-- Per answer of the kandidaat: the request, and what was answered before (TR355, TR359, TR360, TR365).
SELECT a.*,
    CASE WHEN k.verzoeken_bekend THEN v.referentie_aanbieder IS NOT NULL END AS verzoek_gevonden,
    t.referentie_aanbieder IS NOT NULL AS gehonoreerd,
    e.referentie_aanbieder IS NOT NULL AS eerder_beantwoord, coalesce(e.anders_dan_onderzoek, false) AS eerder_afgehandeld
FROM antwoord a JOIN keten_bericht k ON k.rij_id = a.bericht_id
LEFT JOIN (
    SELECT DISTINCT gemeente, referentie_aanbieder FROM eerder_verzoek
) v ON v.gemeente = a.gemeente AND v.referentie_aanbieder = a.referentie_aanbieder
LEFT JOIN (
    SELECT DISTINCT b.gemeente, b.aanbieder, t.referentie_aanbieder
    FROM eerder.toegewezen_product t
    JOIN eerder_bericht b ON b.rij_id = t.bericht_id AND b.berichtsoort = 'JW301' AND b.telt
) t ON t.gemeente = a.gemeente AND t.aanbieder = a.aanbieder AND t.referentie_aanbieder = a.referentie_aanbieder
LEFT JOIN (
    SELECT b.gemeente, b.aanbieder, o.referentie_aanbieder,
        bool_or(o.verzoek_antwoord <> '2') AS anders_dan_onderzoek
    FROM eerder.antwoord o JOIN eerder_bericht b ON b.rij_id = o.bericht_id AND b.berichtsoort = 'JW319' AND b.telt
    GROUP BY ALL
) e ON e.gemeente = a.gemeente AND e.aanbieder = a.aanbieder AND e.referentie_aanbieder = a.referentie_aanbieder;

-- tabel: keten_declaratie
-- ``nummer_eerder``: file of an earlier declaratie of this aanbieder with the same number (TR333).
-- ``laatste_periode``: begin of the latest period that was declared to this gemeente (TR318).
SELECT d.*, n.bestand AS nummer_eerder, l.begindatum AS laatste_periode
FROM declaratie d JOIN keten_bericht k ON k.rij_id = d.bericht_id
LEFT JOIN (
    SELECT e.declaratie_nummer, min(b.bestand) AS bestand FROM eerder.declaratie e
    JOIN eerder_bericht b ON b.rij_id = e.bericht_id AND b.berichtsoort = 'JW323' AND b.telt
    JOIN keten_bericht k ON k.afzender = b.afzender
    GROUP BY e.declaratie_nummer
) n ON n.declaratie_nummer = d.declaratie_nummer
LEFT JOIN (
    SELECT max(e.begindatum) AS begindatum FROM eerder.declaratie e
    JOIN eerder_bericht b ON b.rij_id = e.bericht_id AND b.berichtsoort = 'JW323' AND b.telt
    JOIN keten_bericht k ON k.afzender = b.afzender AND k.ontvanger = b.ontvanger
) l ON true;

-- tabel: keten_antwoordbericht
-- The header of a JW325 beside that of the JW323 (TR337, TR371); ``declaratie_gevonden`` is NULL when the dossier
-- has no JW323 between the two parties at all. ``eerder_antwoord``: file of another JW325 on the same JW323.
SELECT k.*, CASE WHEN k.declaraties_bekend THEN d.rij_id IS NOT NULL END AS declaratie_gevonden,
    d.basisschema_xsd_versie AS declaratie_basisschema, d.bericht_xsd_versie AS declaratie_berichtschema,
    (SELECT min(a.bestand) FROM eerder_bericht a
        WHERE a.berichtsoort = 'JW325' AND a.afzender = k.afzender AND a.ontvanger = k.ontvanger
            AND a.declaratie_identificatie = k.declaratie_identificatie
            AND a.declaratie_identificatie_dagtekening IS NOT DISTINCT FROM k.declaratie_identificatie_dagtekening) AS eerder_antwoord
FROM keten_bericht k LEFT JOIN beantwoorde_declaratie d ON true
WHERE k.berichtsoort = 'JW325';

-- tabel: keten_declaratie_antwoord
SELECT a.*, v.declaratie_nummer AS ingediend_nummer
FROM declaratie_antwoord a JOIN keten_bericht k ON k.rij_id = a.bericht_id
LEFT JOIN beantwoorde_declaratie d ON true
LEFT JOIN eerder.declaratie v ON v.bericht_id = d.rij_id;

-- tabel: keten_afgewezen
-- Per prestatie in a JW325: the same one in the JW323, and which of its fields differ (TR366, TR367). Both are NULL
-- when the JW323 is not there.
WITH ingediend AS (
    SELECT p.*, w.client FROM eerder.prestatie p
    LEFT JOIN eerder.client w ON w.rij_id = p.client_id
    WHERE p.bericht_id = (SELECT rij_id FROM beantwoorde_declaratie)
    QUALIFY row_number() OVER (PARTITION BY p.referentie_nummer ORDER BY p.rij_id) = 1
)
SELECT p.*,
    CASE WHEN (SELECT count(*) FROM beantwoorde_declaratie) > 0 THEN i.rij_id IS NOT NULL END AS prestatie_gevonden,
    CASE WHEN i.rij_id IS NOT NULL THEN list_concat(list_filter([
        CASE WHEN i.client IS DISTINCT FROM p.client THEN 'Bsn' END,
        CASE WHEN i.vorig_referentie_nummer IS DISTINCT FROM p.vorig_referentie_nummer THEN 'VorigReferentieNummer' END,
        CASE WHEN i.debet_credit IS DISTINCT FROM p.debet_credit THEN 'DebetCredit' END
    ], lambda naam: naam IS NOT NULL), prestatie_verschillen(i, p)) END AS verschillen
FROM prestatie p JOIN keten_bericht k ON k.rij_id = p.bericht_id AND k.berichtsoort = 'JW325'
LEFT JOIN ingediend i ON i.referentie_nummer = p.referentie_nummer;
