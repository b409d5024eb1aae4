package org.segtrain.tensors;

import java.util.Map;

/** The contents of a file. */
record Contents(String format, Map<String, StoredTensor> tensors, Map<String, String> metadata) {}
