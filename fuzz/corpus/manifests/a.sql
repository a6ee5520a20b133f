=== a.sql
-- c
SELECT 'a' /* b */ FROM x;
