// The calls that the client's documentation shows, on our tables. The environment names the server and two businesses:
// ADDRESS, READ_KEY and READ_IDS, WRITE_KEY and WRITE_IDS (JSON, ids by the names that tests/clients/scene.py gives).

import './filters.mjs'
import './selects.mjs'
import './modifiers.mjs'
import './functions.mjs'
import './writes.mjs'
import './upserts.mjs'
import './refusals.mjs'
