/**
 * Binds YAML to records: defaults and ranges stand at the record, unknown keys name the nearest
 * known one, and all problems of a file are reported together with their lines. Also finds the YAML
 * files that the program ships.
 */
package org.adaptseg.config.yaml;
