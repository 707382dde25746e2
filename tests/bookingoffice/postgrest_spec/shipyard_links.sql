-- One table that points at itself once, one that does so twice.
CREATE TABLE family (id text PRIMARY KEY, name text, parent text REFERENCES family);
INSERT INTO family VALUES ('1', 'Elder', NULL), ('2', 'First', '1'), ('3', 'Second', '1'), ('4', 'Grand', '2'), ('5', 'Tiny', '3');
CREATE TABLE managers (id integer PRIMARY KEY, name text);
CREATE TABLE firms (
    id integer PRIMARY KEY, name text, referee integer REFERENCES firms, auditor integer REFERENCES firms, manager_id integer REFERENCES managers
);
INSERT INTO managers VALUES (1, 'Rita'), (2, 'Aldo'), (3, 'Cleo'), (4, 'Umar');
INSERT INTO firms VALUES (1, 'Referees', NULL, NULL, 1), (2, 'Auditors', NULL, NULL, 2), (3, 'Acme', 1, 2, 3), (4, 'Umbra', 1, 2, 4), (5, 'Cyber', 3, 4, 1);

-- Two keys to one table; a key and a link table; two links; keys in both directions; two one-to-ones.
CREATE TABLE orders (id integer PRIMARY KEY, name text, billing_id integer, shipping_id integer,
    CONSTRAINT billing FOREIGN KEY (billing_id) REFERENCES addresses, CONSTRAINT shipping FOREIGN KEY (shipping_id) REFERENCES addresses);
INSERT INTO orders VALUES (1, 'order 1', 1, 2), (2, 'order 2', 3, 4);
CREATE TABLE docks (id integer PRIMARY KEY, name text);
CREATE TABLE yards (id integer PRIMARY KEY, name text, main_dock_id integer, CONSTRAINT main_dock FOREIGN KEY (main_dock_id) REFERENCES docks);
CREATE TABLE moorings (yard_id integer REFERENCES yards, dock_id integer REFERENCES docks, PRIMARY KEY (yard_id, dock_id));
INSERT INTO docks VALUES (1, 'dock 1'), (2, 'dock 2');
INSERT INTO yards VALUES (1, 'yard 1', 1), (2, 'yard 2', NULL);
INSERT INTO moorings VALUES (1, 1), (2, 1), (2, 2);
CREATE TABLE fleets (id integer PRIMARY KEY, name text);
CREATE TABLE captains (id integer PRIMARY KEY, name text, fleet_id integer REFERENCES fleets);
ALTER TABLE fleets ADD head_id integer REFERENCES captains;
INSERT INTO fleets VALUES (1, 'North', NULL);
INSERT INTO captains VALUES (1, 'Ahab', 1);
UPDATE fleets SET head_id = 1;
CREATE TABLE ports (id integer PRIMARY KEY);
CREATE TABLE wares (id integer PRIMARY KEY);
CREATE TABLE hauls (port_1 integer REFERENCES ports, port_2 integer REFERENCES ports, ware_1 integer REFERENCES wares, ware_2 integer REFERENCES wares,
    PRIMARY KEY (port_1, port_2, ware_1, ware_2));
CREATE TABLE seconds (id integer PRIMARY KEY, name text);
CREATE TABLE firsts (id integer PRIMARY KEY, second_1 integer UNIQUE REFERENCES seconds, second_2 integer UNIQUE REFERENCES seconds);
CREATE TABLE countries (id integer PRIMARY KEY, name text);
CREATE TABLE capitals (id integer PRIMARY KEY, name text, country_id integer UNIQUE REFERENCES countries, data jsonb);
INSERT INTO countries VALUES (1, 'Alba'), (2, 'Bora'), (3, 'Cora');
INSERT INTO capitals VALUES (1, 'Aton', 1, '{"key": 10}'), (2, 'Bton', 2, '{"key": 6}'), (3, 'Cton', 3, '{"key": 8}');
CREATE TABLE persons (id integer PRIMARY KEY, name text);
CREATE TABLE messages (id integer PRIMARY KEY, body text, sender integer REFERENCES persons, recipient integer REFERENCES persons);
INSERT INTO persons VALUES (1, 'John'), (2, 'Jane');
INSERT INTO messages VALUES (1, 'Hello Jane', 1, 2), (2, 'Hi John', 2, 1);
CREATE TABLE posters (id integer PRIMARY KEY, name text);
CREATE TABLE follows (subscriber integer REFERENCES posters, subscribed integer REFERENCES posters, PRIMARY KEY (subscriber, subscribed));
INSERT INTO posters VALUES (1, 'Mark'), (2, 'Elon'), (3, 'Bill');
INSERT INTO follows VALUES (3, 1), (1, 2), (2, 1);
CREATE TABLE suppliers (id integer PRIMARY KEY, name text);
CREATE TABLE products (id integer PRIMARY KEY, name text);
CREATE TABLE products_suppliers (product_id integer REFERENCES products, supplier_id integer REFERENCES suppliers, PRIMARY KEY (product_id, supplier_id));
CREATE TABLE unions (id integer PRIMARY KEY);
CREATE TABLE suppliers_unions (supplier_id integer REFERENCES suppliers, union_id integer REFERENCES unions, PRIMARY KEY (supplier_id, union_id));
INSERT INTO suppliers VALUES (1, 's 1'), (2, 's 2'), (3, 's 3');
INSERT INTO products VALUES (1, 'p 1'), (2, 'p 2'), (3, 'p 3');
INSERT INTO products_suppliers VALUES (1, 1), (1, 2), (2, 1), (2, 3);
INSERT INTO unions VALUES (1), (2), (3), (4);
INSERT INTO suppliers_unions VALUES (1, 1), (1, 2), (2, 3), (2, 4);
-- A link table whose key is its own is no way through.
CREATE TABLE ends_1 (id integer PRIMARY KEY);
CREATE TABLE ends_2 (id integer PRIMARY KEY);
CREATE TABLE hidden_link (id integer PRIMARY KEY, end_1 integer REFERENCES ends_1, end_2 integer REFERENCES ends_2);
-- Two to-ones, each with a row, whose columns may be null.
CREATE TABLE clients (id integer PRIMARY KEY, name text);
CREATE TABLE infos (id integer PRIMARY KEY, client_id integer UNIQUE REFERENCES clients, other text);
CREATE TABLE contacts (id integer PRIMARY KEY, client_id integer REFERENCES clients, name text);
INSERT INTO clients VALUES (1, 'Wal'), (2, 'Tar'), (3, 'Big');
INSERT INTO infos VALUES (1, 1, '123 Main'), (2, 2, '456 South'), (3, 3, '789 Palm');
INSERT INTO contacts VALUES (1, 1, 'Wally'), (2, 2, 'Tabby'), (3, 3, 'Lex');
CREATE TABLE table_a (id integer PRIMARY KEY, name text);
CREATE TABLE table_b (id integer PRIMARY KEY, name text, a_id integer REFERENCES table_a);
INSERT INTO table_a VALUES (1, 'Not null 1'), (2, NULL);
INSERT INTO table_b VALUES (1, 'Test 1', 1), (2, 'Test 2', 2), (3, 'Test 3', NULL);
-- Names that nearly meet.
CREATE TABLE car_models (id integer PRIMARY KEY, name text);
CREATE TABLE car_model_sales (id integer PRIMARY KEY, model_id integer REFERENCES car_models);
CREATE TABLE car_models_default (id integer PRIMARY KEY);
CREATE TABLE beings (being integer PRIMARY KEY);
CREATE TABLE parts (part integer PRIMARY KEY);
CREATE TABLE being_parts (being integer REFERENCES beings, part integer REFERENCES parts, PRIMARY KEY (being, part));
INSERT INTO beings VALUES (1), (2);
INSERT INTO parts VALUES (1), (2);
INSERT INTO being_parts VALUES (1, 1), (2, 1);

-- To add up.
CREATE TABLE invoices (id integer PRIMARY KEY, total integer, boat_id integer REFERENCES boats);
INSERT INTO invoices VALUES (1, 100, 1), (2, 200, 1), (3, 500, 2), (4, 700, 2), (5, 1200, 3), (6, 2000, 3), (7, 100, 4), (8, 4000, 4);
CREATE TABLE factories (id integer PRIMARY KEY, name text);
CREATE TABLE categories (id integer PRIMARY KEY, name text);
CREATE TABLE processes (id integer PRIMARY KEY, name text, factory_id integer REFERENCES factories, category_id integer REFERENCES categories);
CREATE TABLE costs (process_id integer PRIMARY KEY REFERENCES processes, cost numeric);
CREATE TABLE supervisors (id integer PRIMARY KEY, name text);
CREATE TABLE process_supervisor (process_id integer REFERENCES processes, supervisor_id integer REFERENCES supervisors, PRIMARY KEY (process_id, supervisor_id));
INSERT INTO factories VALUES (1, 'Factory A'), (2, 'Factory B'), (3, 'Factory C'), (4, 'Factory D');
INSERT INTO categories VALUES (1, 'Batch'), (2, 'Mass');
INSERT INTO processes VALUES (1, 'A1', 1, 1), (2, 'A2', 1, 2), (3, 'B1', 2, 1), (4, 'B2', 2, 1), (5, 'C1', 3, 2), (6, 'C2', 3, 2);
INSERT INTO costs VALUES (1, 150.00), (2, 200.00), (3, 180.00), (4, 70.00), (5, 40.00), (6, 70.00);
INSERT INTO supervisors VALUES (1, 'Mary'), (2, 'John'), (3, 'Peter'), (4, 'Sarah'), (5, 'Jane');
INSERT INTO process_supervisor VALUES (1, 1), (2, 2), (3, 3), (3, 4), (4, 1), (4, 2), (5, 3), (6, 3);
