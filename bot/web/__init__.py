"""The HTTP door: what the newsroom's own CMS pushes."""
