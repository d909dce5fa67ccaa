/** Benchmarks: what jobs/bench.sh times beside its peers. */
package org.adaptseg.cli.bench;
