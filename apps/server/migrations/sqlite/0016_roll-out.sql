-- Which rulebook version a till last said that it sells by; null where it never did.
ALTER TABLE register_status ADD COLUMN rulebook_version INTEGER;
