/** What a run did, as a page, a table or a comparison with other runs, from its folder. */
package org.segtrain.report;
