"""cellkit: declare a business document once, and get its tables, API, rules, audit and events from it."""
