"""Formats, with the names that the admin shows."""

AUTO = "auto"
FORMAT_NAMES = {
    AUTO: "自动判断",
    "jekyll": "Jekyll 稿件（.md）",
    "newspaper": "报纸版面（OCR 文本）",
    "scrape": "网页抓取的文本",
    "table": "表格（CSV、JSON Lines、XLSX）",
    "feed": "订阅源（RSS、Atom）",
    "page": "网页（HTML）",
    "wxr": "WordPress 导出文件（WXR）",
    "ghost": "Ghost 导出文件（JSON）",
}
