/** What a run is: the typed configuration and the layers it is resolved from. */
package org.segtrain.config;
