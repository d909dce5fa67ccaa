/** What every Spark job has in common: descriptions, devices, progress, failures, and bytes. */
package org.adaptseg.spark.task;
