"""Files in and out.

`importing` is the way of every import; what one kind of file does differently stands in
`prospects`, `leads` and `do_not_call`. `readers` turn a file into a table (`readers.open` has the
formats), `columns` find out what its columns mean. `writers` are the exports (`writers.formats`
has the formats) and the calendar.
"""
