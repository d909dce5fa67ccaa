/**
 * The configuration of a run: typed records, bound strictly from YAML and checked at once.
 *
 * <p>{@link org.adaptseg.config.ConfigLoader} reads a run's configuration, {@link
 * org.adaptseg.config.ResolvedData} the label space and dataset descriptions that it names. {@link
 * org.adaptseg.config.yaml.StrictYaml} binds any record. This package knows no other of the
 * project.
 */
package org.adaptseg.config;
