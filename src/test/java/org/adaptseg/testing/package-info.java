/** What tests of several packages share. */
package org.adaptseg.testing;
