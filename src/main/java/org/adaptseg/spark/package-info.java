/**
 * The training job on Spark: rounds of synchronous parameter averaging, distributed evaluation and
 * the driver's loop.
 *
 * <p>A round is one Spark job of two stages. Every task of the first stage is one worker: it loads
 * the broadcast state, makes the round's iterations on its shard and emits its new state in slices.
 * Every task of the second averages one slice over the workers, in worker order. A task depends on
 * the state, the plan, the shard and the seed only, so Spark may repeat it anywhere.
 */
package org.adaptseg.spark;
