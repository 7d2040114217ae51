-- The relations as the job joins them; nothing is resolved here.
CREATE MACRO share(x, rate) AS (x // 1000000) * rate + ((x % 1000000) * rate + 500000) // 1000000;
CREATE MACRO share_of_hundredths(x, rate) AS (x // 100000000) * rate + ((x % 100000000) * rate + 50000000) // 100000000;
CREATE TABLE currency AS
SELECT name, CAST(row_number() OVER (ORDER BY name) AS SMALLINT) AS number
FROM (SELECT DISTINCT answer_currency AS name FROM rate_read);
CREATE TABLE rate AS
SELECT r."to", r.currency, r.day, r.answer_currency, c.number AS answer, CAST(10 ** (4 - r.places) AS BIGINT) AS divisor,
       r.mantissa, r.scale
FROM rate_read AS r JOIN currency AS c ON c.name = r.answer_currency;
CREATE TABLE measure AS FROM measure_read;
CREATE TABLE exclusion AS FROM exclusion_read;
CREATE TABLE unless AS FROM unless_read;
CREATE TABLE yields AS FROM yields_read;
CREATE TABLE claimed AS FROM claimed_read;
CREATE TABLE scope AS FROM scope_read;
CREATE TABLE membership AS FROM membership_read;
CREATE TABLE reach AS FROM reach_read;
CREATE TABLE destination AS FROM destination_read;
CREATE TABLE union_member AS FROM union_member_read;
CREATE TABLE national AS FROM line_read;
