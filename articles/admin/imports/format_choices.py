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
    "docx": "Word 文稿（.docx）",
    "epub": "电子书（.epub）",
    "mail": "邮件（.eml）",
    "mhtml": "网页存档（.mht、.mhtml）",
    "wxr": "WordPress 导出文件（WXR）",
    "ghost": "Ghost 导出文件（JSON）",
}
