/** The report of a run from its folder: a page, a table, or a comparison with other runs. */
package org.segtrain.report;
