-- The tables as the job joins them: whole numbers for names, and what a destination has settled with its contexts.
-- A share in millionths, rounded half up, without leaving 64 bits.
CREATE MACRO share(x, rate) AS (x // 1000000) * rate + ((x % 1000000) * rate + 500000) // 1000000;
CREATE MACRO share_of_hundredths(x, rate) AS (x // 100000000) * rate + ((x % 100000000) * rate + 50000000) // 100000000;
CREATE TABLE currency AS
SELECT name, CAST(row_number() OVER (ORDER BY name) AS SMALLINT) AS number
FROM (SELECT DISTINCT answer_currency AS name FROM rate_read);
CREATE TABLE schedule AS
SELECT name, CAST(row_number() OVER (ORDER BY name) AS INTEGER) AS number
FROM (SELECT DISTINCT schedule AS name FROM destination_read);
CREATE TABLE claim AS
SELECT name, CAST(row_number() OVER (ORDER BY name) AS INTEGER) AS number
FROM (SELECT duty_claim AS name FROM context_read UNION SELECT claim FROM duty_read);
CREATE TABLE place AS
SELECT name, CAST(row_number() OVER (ORDER BY name) AS INTEGER) AS number
FROM (SELECT DISTINCT "to" AS name FROM destination_read);
CREATE TABLE rate AS
SELECT r."to", r.currency, r.day, r.answer_currency, c.number AS answer, CAST(10 ** (4 - r.places) AS BIGINT) AS divisor,
       r.mantissa, r.scale, CAST(r.span AS INTEGER) AS span, CAST(r.duty_span AS INTEGER) AS duty_span,
       s.number AS schedule, p.number AS place
FROM rate_read AS r
JOIN currency AS c ON c.name = r.answer_currency
JOIN destination_read AS d ON d."to" = r."to"
JOIN schedule AS s ON s.name = d.schedule
JOIN place AS p ON p.name = r."to";
CREATE TABLE context AS
SELECT p.number AS place, CAST(c.span AS INTEGER) AS span, c.origin, c.claims, CAST(c.mask AS INTEGER) AS mask,
       k.number AS duty_claim, CAST(c.class AS INTEGER) AS class,
       c.* EXCLUDE ("to", span, origin, claims, mask, duty_claim, class),
       d.* EXCLUDE ("to", schedule, tariff), fee + fee_sea + fee_business + fee_bounded > 0 AS bears_fees
FROM context_read AS c
JOIN destination_read AS d ON d."to" = c."to"
JOIN claim AS k ON k.name = c.duty_claim
JOIN place AS p ON p.name = c."to";
UPDATE context SET fee_most = 9000000000000000 WHERE fee_most < 0;
CREATE TABLE item AS
SELECT s.number AS schedule, e.code, CAST(row_number() OVER (ORDER BY s.number, e.code) AS INTEGER) AS item
FROM (SELECT DISTINCT schedule, code FROM entry_read) AS e JOIN schedule AS s ON s.name = e.schedule;
-- No additional duties: nothing to join.
CREATE TABLE entry AS
SELECT i.schedule, i.code, i.item, CAST(e.span AS INTEGER) AS span, CAST(e.mask AS INTEGER) AS mask,
       CAST(nullif(e.list, 0) AS INTEGER) AS list, CAST(e.signature AS INTEGER) AS signature,
       CAST(nullif(e.wide_list, 0) AS INTEGER) AS wide_list, CAST(e.wide_signature AS INTEGER) AS wide_signature,
       CAST(e.papers AS INTEGER) AS papers
FROM entry_read AS e JOIN schedule AS s ON s.name = e.schedule JOIN item AS i ON i.schedule = s.number AND i.code = e.code;
UPDATE entry SET signature = NULL WHERE list IS NULL;
UPDATE entry SET wide_signature = NULL WHERE wide_list IS NULL;
CREATE TABLE duty AS
SELECT i.item, CAST(d.span AS INTEGER) AS span, k.number AS claim, d.* EXCLUDE (schedule, code, span, claim)
FROM duty_read AS d
JOIN schedule AS s ON s.name = d.schedule
JOIN item AS i ON i.schedule = s.number AND i.code = d.code
JOIN claim AS k ON k.name = d.claim;
CREATE TABLE lesser AS
SELECT CAST(signature AS INTEGER) AS signature, CAST(class AS INTEGER) AS class, CAST(lesser AS INTEGER) AS lesser
FROM lesser_read;
CREATE TABLE additional AS
SELECT CAST(list AS INTEGER) AS list, CAST(lesser AS INTEGER) AS lesser, * EXCLUDE (list, lesser) FROM additional_read;
CREATE TABLE union_member AS FROM union_member_read;
