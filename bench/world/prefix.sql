-- The whole job from plain relations: prefixes, origins, days, programmes and what yields to what, in SQL.
-- Prefixes are resolved once for each distinct destination and code that the lines name.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT DISTINCT "to", hs FROM line_file;

CREATE OR REPLACE TEMP TABLE pair AS
SELECT DISTINCT r.territory, a.hs FROM asked AS a JOIN reach AS r ON r."to" = a."to";

-- The national line that a code is, or is a subdivision of: the longest that it starts with.
CREATE OR REPLACE TEMP TABLE declared AS
SELECT p.territory, p.hs, n.first, n.last, max(length(n.code)) AS digits
FROM pair AS p, unnest([4, 5, 6, 7, 8, 9, 10]) AS lengths(digits)
JOIN national AS n ON n.schedule = p.territory AND n.code = left(p.hs, digits)
WHERE length(p.hs) >= digits
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE covering AS
SELECT p.territory, p.hs, m.m, m.kind, m.first, m.last, m.everyone, m.named, m.programme, m.claim, m.buyer,
       CASE WHEN NOT m.everyone THEN m.scope END AS limited,
       m.transport, m."limit", length(m.prefix) AS digits
FROM (SELECT territory, hs, unnest([0, 2, 4, 5, 6, 7, 8, 9, 10]) AS digits FROM pair) AS p
JOIN measure AS m ON m.territory = p.territory AND m.prefix = left(p.hs, p.digits)
WHERE length(p.hs) >= p.digits AND NOT m.left_open
  AND NOT EXISTS (SELECT 1 FROM exclusion AS x WHERE x.m = m.m AND starts_with(p.hs, x.prefix));

CREATE OR REPLACE TEMP TABLE rule AS
SELECT a."to", c.* FROM asked AS a
JOIN reach AS r ON r."to" = a."to"
JOIN covering AS c ON c.territory = r.territory AND c.hs = a.hs
WHERE c.kind NOT IN ('preference', 'quota');

CREATE OR REPLACE TEMP TABLE valued AS
SELECT
    l.file_row_number AS line, l."to", l.hs, l.origin, l.date, l.claims, l.buyer, l.transport, r.answer, r.answer_currency,
    {columns}
    d.cif, d.base_customs_value, d.base_freight, d.base_duty, d.base_additional_duty, d.base_fee, d.value_unit,
    coalesce(u.union_of = d.union_of, FALSE) AS inside,
    CASE WHEN r.scale = 1 AND r.mantissa = 1 THEN l.v
         ELSE CAST((CAST(l.v // r.divisor AS HUGEINT) * r.mantissa * 2 + r.scale) // (2 * r.scale) AS BIGINT) * r.divisor
    END // r.divisor AS goods,
    CASE WHEN r.scale = 1 AND r.mantissa = 1 THEN l.f
         ELSE CAST((CAST(l.f // r.divisor AS HUGEINT) * r.mantissa * 2 + r.scale) // (2 * r.scale) AS BIGINT) * r.divisor
    END // r.divisor AS carried,
    CASE WHEN r.scale = 1 AND r.mantissa = 1 THEN l.i
         ELSE CAST((CAST(l.i // r.divisor AS HUGEINT) * r.mantissa * 2 + r.scale) // (2 * r.scale) AS BIGINT) * r.divisor
    END // r.divisor AS insured,
    goods + CASE WHEN d.cif THEN carried + insured ELSE 0 END AS at_border,
    CASE WHEN d.value_unit = 1 THEN at_border
         ELSE greatest((at_border * 2 + d.value_unit - 1) // (2 * d.value_unit), 1) * d.value_unit END AS customs_value
FROM (
    SELECT *,
           CAST(CAST(value AS DECIMAL(13, 4)) * CAST(10000 AS DECIMAL(5, 0)) AS BIGINT) AS v,
           CAST(CAST(coalesce(freight, 0) AS DECIMAL(13, 4)) * CAST(10000 AS DECIMAL(5, 0)) AS BIGINT) AS f,
           CAST(CAST(coalesce(insurance, 0) AS DECIMAL(13, 4)) * CAST(10000 AS DECIMAL(5, 0)) AS BIGINT) AS i
    FROM line_file
) AS l
JOIN rate AS r ON r."to" = l."to" AND r.currency = l.currency AND r.day = l.date
JOIN destination AS d ON d."to" = l."to"
LEFT JOIN union_member AS u ON u.economy = l."from";

-- Every rule that reaches a line on its day and for its origin, besides preferences and quotas.
CREATE OR REPLACE TEMP TABLE reaching AS
SELECT v.line, c.m, c.kind, c.named, c.digits, c.programme
FROM valued AS v
JOIN rule AS c ON c."to" = v."to" AND c.hs = v.hs AND v.date BETWEEN c.first AND c.last
LEFT JOIN scope AS s
    ON s.scope = c.limited AND s.economy = v.origin AND v.date BETWEEN s.first AND s.last
LEFT JOIN unless AS x ON x.m = c.m AND x.claim = v.claims
WHERE x.m IS NULL AND (c.everyone OR s.scope IS NOT NULL)
  AND (c.claim = '' OR c.claim = v.claims)
  AND (c.buyer = '' OR c.buyer = v.buyer)
  AND (c.transport = '' OR c.transport = v.transport)
  AND (c."limit" IS NULL OR v.goods <= c."limit");

-- A claimed preference or quota: the longest prefix that the claim opens, where the origin belongs to the group.
CREATE OR REPLACE TEMP TABLE lower_duty AS
SELECT v.line, arg_max(c.m, c.digits) AS m
FROM valued AS v
JOIN reach AS r ON r."to" = v."to"
JOIN covering AS c ON c.territory = r.territory AND c.hs = v.hs AND v.date BETWEEN c.first AND c.last
JOIN claimed AS k ON k.m = c.m AND k.claim = v.claims
LEFT JOIN membership AS g ON g.claim = v.claims AND g.economy = v.origin AND v.date BETWEEN g.first AND g.last
WHERE v.claims <> '' AND c.kind IN ('preference', 'quota') AND (g.economy IS NOT NULL OR c.kind = 'quota')
GROUP BY v.line;

-- Within a programme of additional duties the rule for named origins wins, then the longer prefix.
CREATE OR REPLACE TEMP TABLE standing AS
SELECT r.line, r.m, m.programme, m.free, m.rate, m.topup, m.priced
FROM (
    SELECT *, CAST(named AS INTEGER) * 100 + digits AS rank,
           max(CAST(named AS INTEGER) * 100 + digits) OVER (PARTITION BY line, programme) AS best
    FROM reaching WHERE kind = 'additional_duty'
) AS r
JOIN measure AS m ON m.m = r.m
WHERE rank = best;

CREATE OR REPLACE TEMP TABLE extra AS
SELECT s.*
FROM standing AS s
WHERE s.priced AND NOT EXISTS (
    SELECT 1 FROM yields AS y JOIN standing AS o ON o.programme = y.programme AND NOT o.free
    WHERE y.m = s.m AND o.line = s.line
);

CREATE OR REPLACE TEMP TABLE extra_sum AS
SELECT e.line,
       sum(CASE WHEN e.topup THEN 0 ELSE share(v.customs_value, e.rate) END) AS plain,
       max(CASE WHEN e.topup THEN share(v.customs_value, e.rate) END) AS topup,
       list(e.m) AS measures
FROM extra AS e JOIN valued AS v ON v.line = e.line
GROUP BY e.line;

CREATE OR REPLACE TEMP TABLE settled AS
SELECT r.line,
       arg_max(r.m, CAST(r.named AS INTEGER) * 100 + r.digits) FILTER (r.kind = 'duty') AS duty_measure,
       list(r.m) FILTER (r.kind IN ('requirement', 'prohibition')) AS papers,
       list(r.m) FILTER (r.kind = 'tax') AS taxes,
       list(r.m) FILTER (r.kind = 'fee') AS fee_measures,
       bool_or(r.kind = 'relief') AS relieved,
       sum(CASE WHEN r.kind <> 'fee' THEN 0
                ELSE least(greatest(share(v.customs_value, m.rate), coalesce(m.least, 0)), coalesce(m.most, 9000000000000000))
           END) AS fees,
       -- Of two rates of one tax the one for named origins is due.
       sum(CASE WHEN r.kind = 'tax' AND m.on_paid THEN m.rate ELSE 0 END) AS tax_rate,
       max(CASE WHEN r.kind = 'tax' AND NOT m.on_paid THEN m.rate END) AS tax_rate_on_value
FROM reaching AS r
JOIN valued AS v ON v.line = r.line
JOIN measure AS m ON m.m = r.m
WHERE r.kind <> 'additional_duty'
GROUP BY r.line;

CREATE OR REPLACE TABLE answer AS
WITH found AS (
    SELECT v.*, s.papers, s.taxes, s.fee_measures, coalesce(s.fees, 0) AS fees, s.tax_rate, s.tax_rate_on_value,
           v.inside OR coalesce(s.relieved, FALSE) AS relieved,
           coalesce(p.m, s.duty_measure) AS duty_measure, x.plain, x.topup, x.measures AS additional_measures
    FROM valued AS v
    LEFT JOIN settled AS s ON s.line = v.line
    LEFT JOIN lower_duty AS p ON p.line = v.line
    LEFT JOIN extra_sum AS x ON x.line = v.line
),
charged AS (
    SELECT f.*, m.priced AS duty_known,
           CASE WHEN f.relieved OR m.priced IS NOT TRUE THEN 0
                WHEN m.slot = 0 THEN share(f.customs_value, m.rate)
                WHEN m.amount_currency <> f.answer_currency THEN 0
                ELSE CAST((CAST(f.customs_value AS HUGEINT) * m.rate * 10000
                           + CAST(m.amount AS HUGEINT) * coalesce(CASE m.slot {quantities} END, 0)
                           + 5000000000) // 10000000000 AS BIGINT) END AS duty
    FROM found AS f LEFT JOIN measure AS m ON m.m = f.duty_measure
),
added AS (
    SELECT *, CASE WHEN relieved THEN 0
                   ELSE coalesce(plain, 0) + greatest(coalesce(topup, 0) - duty, 0) END AS additional
    FROM charged
)
SELECT line, answer, customs_value, goods, duty, CAST(additional AS BIGINT) AS additional, CAST(fees AS BIGINT) AS fees,
       CAST(CASE WHEN tax_rate_on_value IS NOT NULL THEN share(customs_value, tax_rate_on_value)
                 ELSE share_of_hundredths(
                     customs_value * base_customs_value + CASE WHEN cif THEN 0 ELSE carried + insured END * base_freight
                     + duty * base_duty + additional * base_additional_duty + fees * base_fee, coalesce(tax_rate, 0))
            END AS BIGINT) AS tax,
       carried AS freight, insured AS insurance,
       CAST(goods + carried + insured + duty + additional + fees + tax AS BIGINT) AS total,
       CASE WHEN inside THEN NULL ELSE duty_measure END AS duty_measure, additional_measures, fee_measures, taxes, papers,
       duty_known IS TRUE AS duty_known, taxes IS NOT NULL AS tax_known
FROM added
