package org.segtrain.tensors;

import java.util.Map;

/** What a file was found to hold. */
record Contents(String format, Map<String, StoredTensor> tensors, Map<String, String> metadata) {}
