/**
 * Pictures of what a network makes of single images: encoded where they are painted, so that only
 * small files travel to the driver.
 */
package org.adaptseg.report.gallery;
