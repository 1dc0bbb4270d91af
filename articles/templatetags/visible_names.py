"""`{{ name|visible }}`: a name from outside, with invisible characters spelt out."""

from django import template

from sources.text.visible import visible

register = template.Library()
register.filter("visible", visible, is_safe=False)
