DROP TABLE saved_views, list_layouts;
