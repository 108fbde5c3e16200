-- From the rows of the store to what an audit shows. Each line "-- tabel: NAME" begins a SELECT that becomes
-- the table NAME, in this order. The tables of the store (see rows.py) are there under their own names, with
-- only the messages and workbooks that count: each once, and only those still in the folder. Also there:
-- gebied_van (gemeente, gemeente_naam, regio, regio_naam), standaardproduct, instelling (one row of figures),
-- indexcijfer (jaar, factor to come from the year before).

-- tabel: toewijzing_nu
-- The last version of each toewijzing; one that was withdrawn (end equal to begin with reason 01 or 13) is gone.
SELECT t.* FROM toewijzing t
WHERE t.toewijzing_nummer IS NOT NULL AND t.ingangsdatum IS NOT NULL
QUALIFY row_number() OVER (
        PARTITION BY t.gemeente, t.aanbieder, t.client, t.toewijzing_nummer
        ORDER BY t.dagtekening DESC, t.toewijzingsdatum DESC, t.ingangsdatum DESC, t.einddatum DESC NULLS FIRST,
            t.volume DESC, t.budget DESC, t.product_code) = 1
    AND NOT coalesce(t.reden_wijziging IN ('01', '13') AND t.einddatum = t.ingangsdatum, false);

-- tabel: start_nu
-- The first day of help per toewijzing, and the last time that it began; a start that was removed later (StatusAanlevering 3) does not count.
SELECT gemeente, aanbieder, client, toewijzing_nummer, min(begindatum) AS begindatum, max(begindatum) AS laatste_start
FROM (
    SELECT * FROM start
    QUALIFY row_number() OVER (
        PARTITION BY gemeente, aanbieder, client, toewijzing_nummer, begindatum
        ORDER BY dagtekening DESC, status_aanlevering DESC) = 1
)
WHERE status_aanlevering IS DISTINCT FROM '3' AND begindatum IS NOT NULL AND toewijzing_nummer IS NOT NULL
GROUP BY gemeente, aanbieder, client, toewijzing_nummer;

-- tabel: aanvraag_eerste
-- The first request that a toewijzing answers, by the reference of the aanbieder.
SELECT gemeente, aanbieder, client, referentie_aanbieder, min(dagtekening) AS aangevraagd
FROM aanvraag WHERE referentie_aanbieder IS NOT NULL
GROUP BY gemeente, aanbieder, client, referentie_aanbieder;

-- tabel: wachten
SELECT t.gemeente, t.aanbieder, t.client, t.product_code, t.ingangsdatum, t.einddatum,
    CASE WHEN t.toewijzingsdatum IS NOT NULL THEN greatest(0, datediff('day', t.toewijzingsdatum, s.begindatum)) END AS na_toewijzing,
    CASE WHEN a.aangevraagd <= s.begindatum THEN datediff('day', a.aangevraagd, s.begindatum) END AS na_aanvraag
FROM toewijzing_nu t
JOIN start_nu s USING (gemeente, aanbieder, client, toewijzing_nummer)
LEFT JOIN aanvraag_eerste a USING (gemeente, aanbieder, client, referentie_aanbieder);

-- tabel: geld
-- What was declared for a child on a product; a credit takes off.
SELECT p.gemeente, p.aanbieder, p.client, p.product_code, (sum(p.bedrag)::DECIMAL(18,0) * 0.01::DECIMAL(3,2))::DECIMAL(18,2) AS euro, count(*) AS rijen
FROM prestatie p
GROUP BY p.gemeente, p.aanbieder, p.client, p.product_code;

-- tabel: debet
-- How often each delivery was declared; more than once is a new attempt after a refusal (or a double).
SELECT gemeente, aanbieder, client, sum(keren) AS keren, sum(keren - 1) AS opnieuw
FROM (
    SELECT gemeente, aanbieder, client, toewijzing_nummer, product_code, begindatum, einddatum, count(*) AS keren
    FROM (
        SELECT DISTINCT gemeente, aanbieder, client, toewijzing_nummer, product_code, begindatum, einddatum, bericht
        FROM prestatie WHERE NOT coalesce(credit, false)
    )
    GROUP BY ALL
)
GROUP BY gemeente, aanbieder, client;

-- tabel: herhaling
SELECT *, lag(einddatum) OVER (PARTITION BY gemeente, client, product_categorie, product_code
    ORDER BY ingangsdatum, einddatum NULLS LAST, aanbieder, toewijzing_nummer) AS vorig_einde
FROM toewijzing_nu;

-- tabel: afgewezen
-- Refused prestaties with the codes that refuse; 0200, 0233 and 8001 say that all is well.
SELECT gemeente, aanbieder, client, codes
FROM (
    SELECT *, list_filter(list_distinct(retourcodes), lambda code: code NOT IN ('0200', '0233', '8001')) AS codes
    FROM antwoord_prestatie
)
WHERE len(codes) > 0;

-- tabel: waarneming_bericht
-- Observations about children: ``teller`` and ``noemer`` as the kind of figure asks. ``rijen`` is how many they are;
-- of a figure whose middle is sought all of them have this ``teller``.
SELECT 'standaard_toewijzingen' AS cijfer, '' AS uitsplitsing, t.gemeente, t.aanbieder, t.client,
    (s.productcode IS NOT NULL)::INTEGER::DECIMAL(18,2) AS teller, 1::DECIMAL(18,2) AS noemer, 1::BIGINT AS rijen
FROM toewijzing_nu t LEFT JOIN standaardproduct s ON s.productcode = t.product_code
WHERE t.product_code IS NOT NULL AND (s.productcode IS NOT NULL OR NOT regexp_full_match(t.product_code, '5[45].*'))
UNION ALL
SELECT 'standaard_euro', '', g.gemeente, g.aanbieder, g.client, CASE WHEN s.productcode IS NOT NULL THEN g.euro ELSE 0 END, g.euro, g.rijen
FROM geld g LEFT JOIN standaardproduct s ON s.productcode = g.product_code
WHERE g.product_code IS NOT NULL AND (s.productcode IS NOT NULL OR NOT regexp_full_match(g.product_code, '5[45].*'))
UNION ALL
SELECT 'gedeclareerd', '', gemeente, aanbieder, client, euro, NULL, rijen FROM geld
UNION ALL
SELECT 'gedeclareerd', product_code, gemeente, aanbieder, client, euro, NULL, rijen FROM geld WHERE product_code IS NOT NULL
UNION ALL
SELECT 'berichten_per_client', '', gemeente, aanbieder, client, 1, NULL, 1 FROM client WHERE client IS NOT NULL
UNION ALL
SELECT 'afkeur', '', gemeente, aanbieder, client, 0, rijen, rijen FROM geld
UNION ALL
SELECT 'afkeur', '', gemeente, aanbieder, client, 1, 0, 0 FROM afgewezen
UNION ALL
SELECT 'afkeur', unnest(codes), gemeente, aanbieder, client, 1, 0, 1 FROM afgewezen
UNION ALL
SELECT 'berichten_afgekeurd', '', gemeente, aanbieder, NULL, afgekeurd::INTEGER, 1, 1 FROM bericht
UNION ALL
SELECT 'herindiening', '', gemeente, aanbieder, client, opnieuw, keren, keren FROM debet
UNION ALL
SELECT 'wachttijd_toewijzing', uitsplitsing, gemeente, aanbieder, client, na_toewijzing, NULL, 1
FROM (SELECT *, unnest(list_distinct(['', coalesce(product_code, '')])) AS uitsplitsing FROM wachten) WHERE na_toewijzing IS NOT NULL
UNION ALL
SELECT 'wachttijd_aanvraag', uitsplitsing, gemeente, aanbieder, client, na_aanvraag, NULL, 1
FROM (SELECT *, unnest(list_distinct(['', coalesce(product_code, '')])) AS uitsplitsing FROM wachten) WHERE na_aanvraag IS NOT NULL
UNION ALL
SELECT 'duur_toewijzing', '', gemeente, aanbieder, client, datediff('day', ingangsdatum, einddatum) + 1, NULL, 1
FROM toewijzing_nu WHERE einddatum >= ingangsdatum
UNION ALL
SELECT 'herindicatie', '', gemeente, aanbieder, client,
    coalesce(datediff('day', vorig_einde, ingangsdatum) BETWEEN 0 AND (SELECT herindicatie_dagen FROM instelling), false)::INTEGER, 1, 1
FROM herhaling
UNION ALL
SELECT 'declaratievertraging', '', gemeente, aanbieder, client, datediff('day', last_day(coalesce(einddatum, begindatum)), dagtekening), NULL, count(*)
FROM prestatie
WHERE NOT coalesce(credit, false) AND dagtekening >= last_day(coalesce(einddatum, begindatum))
GROUP BY ALL;

-- tabel: contractcode
SELECT DISTINCT gemeente, contract, productcode, is_standaard, te_beoordelen FROM tarief
WHERE productcode IS NOT NULL AND NOT coalesce(pgb, false);

-- tabel: waarneming_contract
-- One row per observation about contracts; ``sleutel`` tells observations apart: a contract of a regio is in each
-- of its gemeenten and counts once for the regio.
SELECT 'standaard_codes' AS cijfer, '' AS uitsplitsing, gemeente, contract || productcode AS sleutel,
    is_standaard::INTEGER::DECIMAL(18,2) AS teller, 1::DECIMAL(18,2) AS noemer FROM contractcode WHERE te_beoordelen
UNION ALL
SELECT 'producten', '', gemeente, productcode, 1, 1 FROM contractcode
UNION ALL
SELECT 'uniform_product', '', gemeente, productcode, is_standaard::INTEGER, 1 FROM contractcode WHERE te_beoordelen
UNION ALL
SELECT 'eigen_codes', '', gemeente, productcode, 1, 1 FROM contractcode WHERE te_beoordelen AND NOT is_standaard
UNION ALL
SELECT 'contractduur', '', gemeente, contract, maanden, NULL FROM contract WHERE maanden > 0
UNION ALL
SELECT 'meerjarig', '', gemeente, contract,
    (coalesce(onbepaalde_tijd, false) OR maanden >= (SELECT minimale_looptijd FROM instelling))::INTEGER, 1
FROM contract WHERE maanden > 0 OR onbepaalde_tijd
UNION ALL
SELECT 'verlenging', '', gemeente, contract, verlenging_maanden, NULL FROM contract WHERE verlenging_maanden IS NOT NULL
UNION ALL
SELECT 'indexering', '', gemeente, contract, indexering::INTEGER, 1 FROM contract WHERE indexering IS NOT NULL
UNION ALL
SELECT 'contractstandaard', '', gemeente, contract, contractstandaard::INTEGER, 1 FROM contract WHERE contractstandaard IS NOT NULL
UNION ALL
SELECT 'variant', v.variant, gemeente, contract, (c.uitvoeringsvariant = v.variant)::INTEGER, 1
FROM contract c CROSS JOIN (SELECT unnest(['inspanningsgericht', 'outputgericht', 'taakgericht']) AS variant) v
WHERE c.uitvoeringsvariant IS NOT NULL
UNION ALL
SELECT 'lasten_ld1', '', gemeente, contract, lasten_ld1, NULL FROM contract WHERE lasten_ld1 IS NOT NULL
UNION ALL
SELECT 'lasten_ld2', '', gemeente, contract, lasten_ld2, NULL FROM contract WHERE lasten_ld2 IS NOT NULL
UNION ALL
SELECT 'lasten_ld3', '', gemeente, contract, lasten_ld3, NULL FROM contract WHERE lasten_ld3 IS NOT NULL
UNION ALL
SELECT 'reeel_tarief', '', gemeente, contract || rij, (oordeel <> 'onder de bandbreedte')::INTEGER, 1
FROM tarief WHERE oordeel IS NOT NULL AND oordeel <> 'niet te bepalen'
UNION ALL
SELECT unnest(['specialistisch_lokaal', 'regionale_inkoop']), '', gemeente, contract || rij,
    unnest([lokaal::INTEGER, (NOT lokaal)::INTEGER]), 1
FROM (
    -- Heavy help (stay, crisis, jeugdbescherming and jeugdreclassering), see rule VOORW-26.
    SELECT *, regexp_matches(lower(inkoopschaal), '\bgemeente(lijk)?\b|lokaal')
        AND NOT regexp_matches(lower(inkoopschaal), 'regio|landelijk|samen') AS lokaal
    FROM tarief WHERE inkoopschaal IS NOT NULL AND productcategorie IN ('43', '44', '46', '47', '48')
);

-- tabel: per_kind
-- Observations together per child. From here on everything is a plain grouping, which goes to disk when memory is
-- full; counting different children or seeking a middle in one go would have to hold all of them.
SELECT w.cijfer, w.uitsplitsing, w.gemeente, v.regio, w.aanbieder,
    CASE WHEN w.client IS NOT NULL THEN hash(w.client) END AS kind,
    sum(w.teller) AS teller, sum(w.noemer) AS noemer, sum(w.rijen) AS rijen
FROM waarneming_bericht w LEFT JOIN gebied_van v USING (gemeente)
GROUP BY ALL;

-- tabel: som
SELECT 'gemeente' AS niveau, gemeente AS code, cijfer, uitsplitsing, sum(teller) AS teller, sum(noemer) AS noemer,
    sum(rijen) AS rijen, count(kind) AS clienten
FROM (SELECT gemeente, cijfer, uitsplitsing, kind, sum(teller) AS teller, sum(noemer) AS noemer, sum(rijen) AS rijen
    FROM per_kind GROUP BY ALL) GROUP BY ALL
UNION ALL
SELECT 'jeugdregio', regio, cijfer, uitsplitsing, sum(teller), sum(noemer), sum(rijen), count(kind)
FROM (SELECT regio, cijfer, uitsplitsing, kind, sum(teller) AS teller, sum(noemer) AS noemer, sum(rijen) AS rijen
    FROM per_kind WHERE regio IS NOT NULL GROUP BY ALL) GROUP BY ALL
UNION ALL
SELECT 'aanbieder', aanbieder, cijfer, uitsplitsing, sum(teller), sum(noemer), sum(rijen), count(kind)
FROM (SELECT aanbieder, cijfer, uitsplitsing, kind, sum(teller) AS teller, sum(noemer) AS noemer, sum(rijen) AS rijen
    FROM per_kind WHERE aanbieder IS NOT NULL GROUP BY ALL) GROUP BY ALL
UNION ALL
SELECT 'land', 'NL', cijfer, uitsplitsing, sum(teller), sum(noemer), sum(rijen), count(kind)
FROM (SELECT cijfer, uitsplitsing, kind, sum(teller) AS teller, sum(noemer) AS noemer, sum(rijen) AS rijen
    FROM per_kind GROUP BY ALL) GROUP BY ALL;

-- tabel: hoe_vaak
-- How often each value occurs, of the figures whose middle is sought. These are whole days, so there are few.
SELECT w.cijfer, w.uitsplitsing, w.gemeente, v.regio, w.aanbieder, w.teller AS waarde, sum(w.rijen) AS rijen
FROM waarneming_bericht w
JOIN cijfer_soort u ON u.cijfer = w.cijfer AND u.soort = 'mediaan'
LEFT JOIN gebied_van v USING (gemeente)
GROUP BY ALL;

-- tabel: midden
SELECT niveau, code, cijfer, uitsplitsing,
    min(waarde) FILTER (tot_hier >= 0.25 * samen) AS p25,
    min(waarde) FILTER (tot_hier >= 0.5 * samen) AS mediaan,
    min(waarde) FILTER (tot_hier >= 0.75 * samen) AS p75
FROM (
    SELECT *, sum(rijen) OVER (PARTITION BY niveau, code, cijfer, uitsplitsing ORDER BY waarde) AS tot_hier,
        sum(rijen) OVER (PARTITION BY niveau, code, cijfer, uitsplitsing) AS samen
    FROM (
        SELECT 'gemeente' AS niveau, gemeente AS code, cijfer, uitsplitsing, waarde, sum(rijen) AS rijen FROM hoe_vaak GROUP BY ALL
        UNION ALL
        SELECT 'jeugdregio', regio, cijfer, uitsplitsing, waarde, sum(rijen) FROM hoe_vaak WHERE regio IS NOT NULL GROUP BY ALL
        UNION ALL
        SELECT 'aanbieder', aanbieder, cijfer, uitsplitsing, waarde, sum(rijen) FROM hoe_vaak WHERE aanbieder IS NOT NULL GROUP BY ALL
        UNION ALL
        SELECT 'land', 'NL', cijfer, uitsplitsing, waarde, sum(rijen) FROM hoe_vaak GROUP BY ALL
    )
)
GROUP BY niveau, code, cijfer, uitsplitsing;

-- tabel: cijfer_ruw
SELECT s.niveau, s.code, s.cijfer, s.uitsplitsing, s.teller::DECIMAL(18,2) AS teller, s.noemer::DECIMAL(18,2) AS noemer,
    m.p25, m.mediaan, m.p75, s.rijen::BIGINT AS rijen, s.clienten, true AS over_kinderen
FROM som s LEFT JOIN midden m USING (niveau, code, cijfer, uitsplitsing)
UNION ALL
SELECT niveau, code, cijfer, uitsplitsing, sum(teller)::DECIMAL(18,2), sum(noemer)::DECIMAL(18,2),
    quantile_disc(teller, 0.25), quantile_disc(teller, 0.5), quantile_disc(teller, 0.75), count(*), NULL, false
FROM (
    SELECT DISTINCT n.niveau, n.code, w.cijfer, w.uitsplitsing, w.sleutel, w.teller, w.noemer
    FROM waarneming_contract w
    JOIN (
        SELECT gemeente, 'gemeente' AS niveau, gemeente AS code FROM gebied_van
        UNION ALL SELECT gemeente, 'jeugdregio', regio FROM gebied_van
        UNION ALL SELECT DISTINCT gemeente, 'land', 'NL' FROM waarneming_contract
    ) n USING (gemeente)
)
GROUP BY ALL;

-- tabel: cijfer
SELECT c.niveau, c.code, c.cijfer, c.uitsplitsing,
    CASE WHEN u.soort <> 'mediaan' THEN c.teller END AS teller,
    CASE WHEN u.soort = 'aandeel' OR (u.soort = 'verdeling' AND c.uitsplitsing = '') THEN c.noemer
        WHEN u.soort = 'verdeling' THEN t.teller END AS noemer,
    CASE
        WHEN u.soort = 'mediaan' THEN c.mediaan
        WHEN u.soort = 'som' THEN c.teller
        WHEN u.soort = 'per_client' THEN round(c.teller / nullif(c.clienten, 0), 2)
        WHEN u.soort = 'verdeling' AND c.uitsplitsing <> '' THEN round(100 * c.teller / nullif(t.teller, 0), 2)
        ELSE round(100 * c.teller / nullif(c.noemer, 0), 2)
    END::DECIMAL(18,2) AS waarde,
    CASE WHEN u.soort = 'mediaan' THEN c.p25 END::DECIMAL(18,2) AS p25,
    CASE WHEN u.soort = 'mediaan' THEN c.mediaan END::DECIMAL(18,2) AS mediaan,
    CASE WHEN u.soort = 'mediaan' THEN c.p75 END::DECIMAL(18,2) AS p75,
    c.rijen, CASE WHEN c.over_kinderen AND u.per_kind THEN c.clienten END AS clienten,
    c.over_kinderen, false AS onderdrukt
FROM cijfer_ruw c
JOIN cijfer_soort u USING (cijfer)
LEFT JOIN cijfer_ruw t ON u.soort = 'verdeling' AND t.niveau = c.niveau AND t.code = c.code AND t.cijfer = c.cijfer AND t.uitsplitsing = ''
WHERE c.niveau <> 'gemeente' OR c.code <> '0000'
ORDER BY c.niveau, c.code, c.cijfer, c.uitsplitsing;

-- tabel: spreiding_basis
SELECT t.*, v.regio AS regio_code,
    CASE WHEN t.jaar IS NOT NULL AND f.factor IS NOT NULL AND n.factor IS NOT NULL
        THEN round(t.tarief * n.factor / f.factor, 2)::DECIMAL(18,2) END AS tarief_indexjaar
FROM tarief t
LEFT JOIN gebied_van v USING (gemeente)
LEFT JOIN indexcijfer f ON f.jaar = t.jaar
LEFT JOIN indexcijfer n ON n.jaar = (SELECT indexjaar FROM instelling)
WHERE t.tarief IS NOT NULL AND t.productcode IS NOT NULL AND t.eenheid IS NOT NULL AND NOT coalesce(t.pgb, false);

-- tabel: tariefspreiding
SELECT niveau, code, productcode, min(omschrijving) AS omschrijving, eenheid, (SELECT indexjaar FROM instelling) AS indexjaar,
    count(*) AS tarieven, count(DISTINCT gemeente) AS gemeenten,
    min(tarief_indexjaar) AS minimum, quantile_disc(tarief_indexjaar, 0.25) AS p25, quantile_disc(tarief_indexjaar, 0.5) AS mediaan,
    quantile_disc(tarief_indexjaar, 0.75) AS p75, max(tarief_indexjaar) AS maximum
FROM (
    SELECT 'land' AS niveau, 'NL' AS code, contract, rij, min(gemeente) AS gemeente, productcode, min(omschrijving) AS omschrijving, eenheid, min(tarief_indexjaar) AS tarief_indexjaar
    FROM spreiding_basis WHERE tarief_indexjaar IS NOT NULL GROUP BY contract, rij, productcode, eenheid
    UNION ALL
    SELECT 'jeugdregio', regio_code, contract, rij, min(gemeente), productcode, min(omschrijving), eenheid, min(tarief_indexjaar)
    FROM spreiding_basis WHERE tarief_indexjaar IS NOT NULL AND regio_code IS NOT NULL GROUP BY regio_code, contract, rij, productcode, eenheid
)
GROUP BY niveau, code, productcode, eenheid
ORDER BY niveau, code, productcode, eenheid;

-- tabel: tarief_uit
SELECT t.gemeente, t.regio_code, c.naam AS contract, t.aanbieder, t.productcode, t.omschrijving, t.eenheid, t.jaar, t.tarief::DECIMAL(18,2) AS tarief,
    t.tarief_indexjaar, (SELECT indexjaar FROM instelling) AS indexjaar, t.is_standaard,
    s.p25 AS land_p25, s.mediaan AS land_mediaan, s.p75 AS land_p75,
    CASE WHEN s.tarieven < 4 OR t.tarief_indexjaar IS NULL THEN '' WHEN t.tarief_indexjaar < s.p25 THEN 'laag'
        WHEN t.tarief_indexjaar > s.p75 THEN 'hoog' ELSE 'midden' END AS positie,
    coalesce(t.oordeel, '') AS band_oordeel
FROM spreiding_basis t
LEFT JOIN contract c ON c.contract = t.contract AND c.gemeente = t.gemeente
LEFT JOIN tariefspreiding s ON s.niveau = 'land' AND s.productcode = t.productcode AND s.eenheid = t.eenheid
WHERE t.gemeente <> '0000'
ORDER BY ALL;

-- tabel: eigen_code
-- The standard code whose description is most like that of an own code, and how much alike they are.
SELECT gemeente, contract, productcode, omschrijving, eenheid, standaardcode, standaardomschrijving, gelijkenis
FROM (
    SELECT e.*, s.productcode AS standaardcode, s.omschrijving AS standaardomschrijving,
        round(100 * jaro_winkler_similarity(lower(e.omschrijving), lower(s.omschrijving)))::INTEGER AS gelijkenis
    FROM (
        SELECT t.gemeente, c.naam AS contract, t.productcode, min(t.omschrijving) AS omschrijving, min(t.eenheid) AS eenheid
        FROM tarief t LEFT JOIN contract c ON c.contract = t.contract AND c.gemeente = t.gemeente
        WHERE t.te_beoordelen AND NOT t.is_standaard AND t.productcode IS NOT NULL AND t.gemeente <> '0000'
        GROUP BY t.gemeente, c.naam, t.productcode
    ) e CROSS JOIN standaardproduct s
    QUALIFY row_number() OVER (PARTITION BY e.gemeente, e.contract, e.productcode
        ORDER BY gelijkenis DESC NULLS LAST, left(s.productcode, 2) = left(e.productcode, 2) DESC, s.productcode) = 1
)
ORDER BY ALL;

-- tabel: contract_uit
SELECT c.gemeente, c.naam AS contract, c.aanbieder, c.bestand, c.startdatum, c.einddatum, c.maanden, c.verlenging_maanden, c.indexering,
    c.contractstandaard, c.uitvoeringsvariant, coalesce(t.tarieven, 0) AS tarieven, coalesce(t.standaardtarieven, 0) AS standaardtarieven,
    coalesce(t.eigen_codes, 0) AS eigen_codes, c.lasten_ld1, c.lasten_ld2, c.lasten_ld3
FROM contract c
LEFT JOIN (
    SELECT gemeente, contract, count(*) AS tarieven, count(*) FILTER (is_standaard) AS standaardtarieven,
        count(DISTINCT productcode) FILTER (te_beoordelen AND NOT is_standaard) AS eigen_codes
    FROM tarief GROUP BY gemeente, contract
) t USING (gemeente, contract)
ORDER BY ALL;

-- tabel: bevinding_uit
SELECT niveau, code, bron, familie, ernst, regel, min(titel) AS titel, sum(aantal)::BIGINT AS aantal, sum(uitgelegd)::BIGINT AS uitgelegd,
    sum(bedrag)::DECIMAL(18,2) AS bedrag, false AS onderdrukt
FROM (
    SELECT niveau, code, 'contract' AS bron, familie, ernst, regel, titel, 1 AS aantal, (uitgelegd IS NOT NULL)::INTEGER AS uitgelegd, bedrag
    FROM (
        -- A contract of a regio is in each of its gemeenten and counts once for the regio.
        SELECT DISTINCT n.niveau, n.code, b.bestand_id, b.vingerafdruk, b.blad, b.cel, b.melding, b.familie, b.ernst, b.regel, b.titel, b.uitgelegd, b.bedrag
        FROM contract_bevinding b JOIN niveau_van n USING (gemeente)
    )
    UNION ALL
    SELECT n.niveau, n.code, 'bericht', b.familie, b.ernst, b.regel, b.titel, b.aantal, 0, b.bedrag
    FROM bevinding b JOIN niveau_van n USING (gemeente)
    UNION ALL
    SELECT 'aanbieder', b.aanbieder, 'bericht', b.familie, b.ernst, b.regel, b.titel, b.aantal, 0, b.bedrag
    FROM bevinding b WHERE b.aanbieder IS NOT NULL
)
WHERE niveau <> 'gemeente' OR code <> '0000'
GROUP BY niveau, code, bron, familie, ernst, regel
ORDER BY ALL;

-- tabel: contract_bevinding_uit
SELECT gemeente, contract, aanbieder, bestand, blad, cel, regel, familie, ernst, titel, melding, gevonden, verwacht, norm, herstel, bedrag, uitgelegd, vingerafdruk
FROM contract_bevinding WHERE gemeente <> '0000' ORDER BY ALL;

-- tabel: aanbieder_naam
-- What an aanbieder is called: by AGB-code in messages, by name in contracts that give the code with it.
SELECT code, min(naam) AS naam FROM (
    SELECT agb AS code, aanbieder AS naam FROM contract_aanbieder WHERE agb IS NOT NULL
    UNION ALL SELECT DISTINCT aanbieder, NULL FROM bericht WHERE aanbieder IS NOT NULL
) GROUP BY code ORDER BY code;

-- tabel: gebied
SELECT g.niveau, g.code, g.naam, g.regio_code, g.regio_naam, g.gemeenten,
    coalesce(b.aanbieders, 0) AS aanbieders, coalesce(k.contracten, 0) AS contracten, coalesce(b.berichten, 0) AS berichten,
    coalesce(cl.clienten, 0) AS clienten, false AS onderdrukt
FROM (
    SELECT 'land' AS niveau, 'NL' AS code, 'Nederland' AS naam, NULL AS regio_code, NULL AS regio_naam,
        (SELECT count(*) FROM gemeente_gezien WHERE gemeente <> '0000') AS gemeenten
    UNION ALL
    SELECT 'jeugdregio', v.regio, min(v.regio_naam), NULL, NULL, count(*) FROM gebied_van v SEMI JOIN gemeente_gezien USING (gemeente) WHERE v.regio IS NOT NULL GROUP BY v.regio
    UNION ALL
    SELECT 'gemeente', v.gemeente, v.gemeente_naam, v.regio, v.regio_naam, 1 FROM gebied_van v SEMI JOIN gemeente_gezien USING (gemeente)
    UNION ALL
    SELECT 'aanbieder', a.code, coalesce(a.naam, a.code), NULL, NULL, coalesce(m.gemeenten, 0)
    FROM aanbieder_naam a LEFT JOIN (
        SELECT code, count(DISTINCT gemeente) AS gemeenten FROM (
            SELECT aanbieder AS code, gemeente FROM bericht WHERE gemeente <> '0000'
            UNION ALL SELECT agb, gemeente FROM contract_aanbieder WHERE gemeente <> '0000'
        ) GROUP BY code
    ) m USING (code)
) g
LEFT JOIN (
    SELECT n.niveau, n.code, count(*) AS berichten, count(DISTINCT b.aanbieder) AS aanbieders FROM bericht b JOIN niveau_van n USING (gemeente) GROUP BY ALL
    UNION ALL SELECT 'aanbieder', aanbieder, count(*), 1 FROM bericht WHERE aanbieder IS NOT NULL GROUP BY aanbieder
) b USING (niveau, code)
LEFT JOIN (
    SELECT n.niveau, n.code, count(DISTINCT c.contract) AS contracten FROM contract c JOIN niveau_van n USING (gemeente) GROUP BY ALL
    UNION ALL SELECT 'aanbieder', agb, count(DISTINCT contract) FROM contract_aanbieder WHERE agb IS NOT NULL GROUP BY agb
) k USING (niveau, code)
LEFT JOIN (
    SELECT n.niveau, n.code, count(DISTINCT c.client) AS clienten FROM client c JOIN niveau_van n USING (gemeente) GROUP BY ALL
    UNION ALL SELECT 'aanbieder', aanbieder, count(DISTINCT client) FROM client WHERE aanbieder IS NOT NULL GROUP BY aanbieder
) cl USING (niveau, code)
ORDER BY ALL;

-- tabel: contractdruk
-- What an aanbieder does for the demands of all its contracts, and what is left when only uniform terms are asked:
-- own demands, and those that law nor standard asks, are dropped (the model of docs/model-lasten.md).
SELECT coalesce(a.agb, a.aanbieder) AS aanbieder, min(coalesce(n.naam, a.aanbieder)) AS naam,
    count(DISTINCT a.gemeente) AS gemeenten, count(DISTINCT a.contract) AS contracten,
    sum(a.eisen)::BIGINT AS eisen, sum(a.minuten)::DECIMAL(18,0) AS minuten,
    (sum(a.minuten) - sum(a.minuten_schrapbaar))::DECIMAL(18,0) AS minuten_uniform,
    round(sum(a.minuten_schrapbaar) / 60, 1)::DECIMAL(18,1) AS besparing_uren,
    sum(a.kosten_schrapbaar)::DECIMAL(18,2) AS besparing_euro
FROM (
    -- A contract of several gemeenten asks its demands once.
    SELECT p.agb, p.aanbieder, p.gemeente, p.contract,
        CASE WHEN p.eerste THEN c.eisen END AS eisen, CASE WHEN p.eerste THEN c.minuten END AS minuten,
        CASE WHEN p.eerste THEN c.minuten_schrapbaar END AS minuten_schrapbaar,
        CASE WHEN p.eerste THEN c.kosten_schrapbaar END AS kosten_schrapbaar
    FROM (
        SELECT *, row_number() OVER (PARTITION BY coalesce(agb, aanbieder), contract ORDER BY gemeente) = 1 AS eerste
        FROM (SELECT DISTINCT agb, aanbieder, gemeente, contract FROM contract_aanbieder)
    ) p
    JOIN contract c USING (gemeente, contract)
) a LEFT JOIN aanbieder_naam n ON n.code = a.agb
GROUP BY coalesce(a.agb, a.aanbieder)
ORDER BY contracten DESC, aanbieder;
