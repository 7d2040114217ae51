-- The job on tables precompiled for it: equality joins and arithmetic in whole minor units.
CREATE OR REPLACE TABLE answer AS
WITH line AS (
    SELECT
        l.file_row_number AS line,
        l.*,
        r.* EXCLUDE ("to", currency, day),
        c.* EXCLUDE (place, span, origin, claims, mask),
        coalesce(u.union_of = c.union_of, FALSE) AS inside,
        e.item, e.list, e.signature, e.wide_list, e.wide_signature, e.papers,
        CAST(CAST(l.value AS DECIMAL(13, 4)) * CAST(10000 AS DECIMAL(5, 0)) AS BIGINT) // r.divisor AS value_minor,
        CAST(CAST(coalesce(l.freight, 0) AS DECIMAL(13, 4)) * CAST(10000 AS DECIMAL(5, 0)) AS BIGINT) // r.divisor
            AS freight_minor,
        CAST(CAST(coalesce(l.insurance, 0) AS DECIMAL(13, 4)) * CAST(10000 AS DECIMAL(5, 0)) AS BIGINT) // r.divisor
            AS insurance_minor
    FROM line_file AS l
    JOIN rate AS r ON r."to" = l."to" AND r.currency = l.currency AND r.day = l.date
    LEFT JOIN entry AS e ON e.schedule = r.schedule AND e.code = l.hs AND e.span = r.span
    JOIN context AS c
        ON c.place = r.place AND c.span = r.span AND c.origin = l.origin AND c.claims = l.claims
        AND c.mask = coalesce(e.mask, 0)
    LEFT JOIN union_member AS u ON u.economy = l."from"
),
valued AS (
    SELECT
        line.*,
        d.known, d.rate, d.amount, d.slot, d.amount_currency, d.measure,
        a.rate_0, a.rate_1, a.rate_2, a.rate_3, a.topup, a.set,
        w.rate_0 AS wide_0, w.rate_1 AS wide_1, w.topup AS wide_topup, w.set AS wide_set,
        CASE WHEN scale = 1 AND mantissa = 1 THEN value_minor
             ELSE CAST((CAST(value_minor AS HUGEINT) * mantissa * 2 + scale) // (2 * scale) AS BIGINT) END AS goods,
        CASE WHEN scale = 1 AND mantissa = 1 THEN freight_minor
             ELSE CAST((CAST(freight_minor AS HUGEINT) * mantissa * 2 + scale) // (2 * scale) AS BIGINT) END AS carried,
        CASE WHEN scale = 1 AND mantissa = 1 THEN insurance_minor
             ELSE CAST((CAST(insurance_minor AS HUGEINT) * mantissa * 2 + scale) // (2 * scale) AS BIGINT) END AS insured
    FROM line
    LEFT JOIN duty AS d
        ON d.item = line.item AND d.span = line.duty_span AND d.claim = line.duty_claim
    LEFT JOIN lesser AS n ON n.signature = line.signature AND n.class = line.class
    LEFT JOIN additional AS a ON a.list = line.list AND a.lesser = n.lesser
    LEFT JOIN lesser AS m ON m.signature = line.wide_signature AND m.class = line.class
    LEFT JOIN additional AS w ON w.list = line.wide_list AND w.lesser = m.lesser
),
customs AS (
    SELECT
        *,
        CASE WHEN value_unit = 1 THEN goods + CASE WHEN cif THEN carried + insured ELSE 0 END
             ELSE greatest(((goods + CASE WHEN cif THEN carried + insured ELSE 0 END) * 2 + value_unit - 1)
                           // (2 * value_unit), 1) * value_unit END AS customs_value,
        inside OR (relief_limit >= 0 AND goods <= relief_limit) AS relieved
    FROM valued
),
charged AS (
    SELECT
        *,
        CASE WHEN relieved OR known IS NOT TRUE THEN 0
             WHEN slot = 0 THEN share(customs_value, rate)
             WHEN amount_currency <> answer_currency THEN 0
             ELSE CAST((CAST(customs_value AS HUGEINT) * rate * 10000
                        + CAST(amount AS HUGEINT) * coalesce(CASE slot {quantities} END, 0)
                        + 5000000000) // 10000000000 AS BIGINT) END AS duty
    FROM customs
),
extra AS (
    SELECT
        *,
        CASE WHEN relieved OR (rate_0 IS NULL AND wide_0 IS NULL) THEN 0
             ELSE share(customs_value, coalesce(rate_0, 0))
                  + share(customs_value, coalesce(rate_1, 0))
                  + share(customs_value, coalesce(rate_2, 0))
                  + share(customs_value, coalesce(rate_3, 0))
                  + share(customs_value, coalesce(wide_0, 0))
                  + share(customs_value, coalesce(wide_1, 0))
                  + CASE WHEN coalesce(topup, 0) > 0
                         THEN greatest(share(customs_value, topup) - duty, 0) ELSE 0 END
                  + CASE WHEN coalesce(wide_topup, 0) > 0
                         THEN greatest(share(customs_value, wide_topup) - duty, 0) ELSE 0 END
             END AS additional,
        CASE WHEN NOT bears_fees THEN 0
             ELSE share(customs_value, fee)
                  + CASE WHEN transport = 'sea' THEN share(customs_value, fee_sea) ELSE 0 END
                  + CASE WHEN buyer = 'business' THEN share(customs_value, fee_business) ELSE 0 END
                  + CASE WHEN fee_bounded > 0
                         THEN least(greatest(share(customs_value, fee_bounded), fee_least), fee_most)
                         ELSE 0 END
             END AS fees
    FROM charged
),
based AS (
    SELECT
        *,
        CASE WHEN tax_on_value THEN customs_value * 100
             ELSE customs_value * base_customs_value
                  + CASE WHEN cif THEN 0 ELSE carried + insured END * base_freight
                  + duty * base_duty + additional * base_additional_duty + fees * base_fee END AS base
    FROM extra
),
taxed AS (
    SELECT
        *,
        share_of_hundredths(base, tax_0)
        + CASE WHEN tax_1 = 0 THEN 0
               ELSE share_of_hundredths(base, tax_1) + share_of_hundredths(base, tax_2) END AS tax
    FROM based
)
SELECT
    line, answer, customs_value, goods, duty, additional, fees, tax, carried AS freight, insured AS insurance,
    goods + carried + insured + duty + additional + fees + tax AS total,
    CASE WHEN inside THEN NULL ELSE measure END AS duty_measure,
    CASE WHEN relieved THEN NULL ELSE set END AS additional_set,
    CASE WHEN relieved THEN NULL ELSE wide_set END AS wide_set,
    fee_set, tax_set, papers,
    known IS TRUE AS duty_known, taxed AS tax_known
FROM taxed
