"""Django's database backends with the portal's manners: a reader's page never waits long, and no database is made
where one was lost."""
