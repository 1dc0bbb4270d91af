"""Formats, with the names that the admin shows."""

AUTO = "auto"
FORMAT_NAMES = {
    AUTO: "自动判断",
    "jekyll": "Jekyll、Hexo、Hugo 稿件（.md）",
    "markdown": "Markdown 文档（.md）",
    "newspaper": "报纸版面（OCR 文本）",
    "scrape": "网页抓取的文本",
    "table": "表格（CSV、JSON Lines、XLSX）",
    "feed": "订阅源（RSS、Atom）",
    "page": "网页（HTML）",
    "document": "文档（Word、EPUB、邮件、MHTML）",
    "wxr": "WordPress 导出文件（WXR）",
    "ghost": "Ghost 导出文件（JSON）",
}
