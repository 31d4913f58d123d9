extension DecoderConfiguration {
    /// Reads `sliding_window` and the layers that have it: those that `layer_types` names, else those of `isWindowed`.
    ///
    /// - Parameter standard: the window where the file says nothing; null there means none.
    mutating func readWindow(
        _ object: ConfigurationObject, standard: Int?, isWindowed: (_ layer: Int) -> Bool
    ) throws(ConfigurationError) {
        let given = try object.optionalInteger("sliding_window", in: ConfigurationLimits.positions)
        guard let window = given ?? (object.isNull("sliding_window") ? nil : standard) else { return }
        var layers = (0..<hiddenLayers).map(isWindowed)
        if object["layer_types"] != nil {
            let types = try object.strings("layer_types")
            let known = ["full_attention", "sliding_attention"]
            guard types.count == hiddenLayers, types.allSatisfy(known.contains) else {
                throw object.invalid(
                    "layer_types",
                    expected: "\(hiddenLayers) strings, each \(known.joined(separator: " or "))")
            }
            layers = types.map { $0 == "sliding_attention" }
        }
        guard layers.contains(true) else { return }
        slidingWindow = window
        windowedLayers = layers
    }
}
