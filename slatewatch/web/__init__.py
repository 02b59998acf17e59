"""Web pages, a JSON API and Atom feeds over the answers, behind one guard. `make_app` builds it; `serving` runs it."""
