/**
 * The training job on Spark: rounds of synchronous parameter averaging, distributed evaluation and
 * the driver's loop.
 *
 * <p>A round is one Spark job. Every task of its first stage is one worker: it loads the broadcast
 * state, makes the round's iterations on its shard and emits its new state in slices. Every task of
 * the second averages one part over the workers, in worker order. A task depends on the state, the
 * plan, the shard and the seed only, so Spark may repeat it anywhere. Where driver and executor are
 * one process, states stay in its memory, and a round is the first stage alone, to the same bits.
 */
package org.adaptseg.spark;
