/** Datasets on a store: listing splits, inspecting their samples, and manifests. */
package org.adaptseg.data.dataset;
