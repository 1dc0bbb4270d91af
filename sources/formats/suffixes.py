"""How the files of each format are named: what tells one from another before any of it is read."""

POSTS = {".md", ".markdown"}
TEXTS = {".txt", ".text"}
PAGES = {".html", ".htm", ".xhtml", ".shtml"}
FEEDS = {".rss", ".atom", ".rdf"}
SEPARATED, OBJECTS, WORKBOOKS = {".csv", ".tsv", ".tab"}, {".jsonl", ".ndjson", ".json"}, {".xlsx", ".xlsm"}
TABLES = SEPARATED | OBJECTS | WORKBOOKS
# May hold one or another.
MARKED = {".xml", ".json"}
