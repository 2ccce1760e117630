# What people make of a list: their columns, and the views that they keep.
columns-title = Columns
columns-intro = Choose what stands in the list and in its files, and in which order. It holds for you, at every company. A phone shows the first facts of each row only.
columns-save = Save columns
columns-reset = As it was at first
columns-fixed = It always stands first.
# $title (String) - a column's or a view's name
columns-up = Move “{ $title }” up
# $title (String) - a column's or a view's name
columns-down = Move “{ $title }” down
flash-columns-saved = Columns saved.
flash-columns-reset = The columns are as they were at first.
views-save = Save this view
views-manage = Manage views
# $count (String) - above which is not counted
views-count-more = { $count }+
views-title = Saved views
views-intro = A view is a search of the list that is kept under a name. Days such as “last 30 days” move with the calendar.
views-own = Yours
# $merchant (String) - a company
views-shared = Everybody’s at { $merchant }
views-none-title = No views yet
views-none-words = Filter or sort the list, then choose “Save this view”.
view-new-title = Save a view
view-new-intro = It becomes a tab above the list, with the number of its rows.
view-name = Name
view-name-hint = Short: it stands on a tab.
view-name-missing = Enter a name
view-name-taken = Another view has this name: choose a different one
# $count (Number) - how many there may be
view-too-many = There are { $count } views, which is as many as may be: delete one first
# $merchant (String) - a company
view-share = Share with everybody at { $merchant }
# $column (String) - a column's name
view-sorted-by = sorted by { $column }
view-unreadable = This view asks for something that the list no longer understands. It shows nothing; delete it, or save another one.
view-change = Save
view-delete = Delete
# $name (String) - a view's name
view-deleted = “{ $name }” was deleted.
view-restore = Put it back
# $name (String) - a view's name
flash-view-saved = View “{ $name }” saved.
# $name (String) - a view's name
flash-view-deleted = View “{ $name }” deleted. You can put it back here.
# $name (String) - a view's name
flash-view-restored = View “{ $name }” is back.
activity-saved-view-create = Shared view saved
activity-saved-view-change = Shared view changed
activity-saved-view-delete = Shared view deleted
activity-saved-view-restore = Shared view put back
activity-field-is-shared = Shared
