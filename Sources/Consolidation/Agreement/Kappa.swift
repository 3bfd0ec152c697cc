/// Chance-corrected agreement over categories.
enum Kappa {
    /// Cohen 1960, for two raters: (p_o - p_e) / (1 - p_e) with p_e from each rater's own shares.
    ///
    /// - Parameters:
    ///   - agreements: Items with the same category.
    ///   - first: How often the first rater chose each category; second likewise.
    /// - Returns: `nil` without items, or where both used one and the same category only.
    static func cohen(agreements: Double, first: ArraySlice<Double>, second: ArraySlice<Double>) -> Double? {
        let items = first.reduce(0, +)
        guard items > 0 else { return nil }
        let expected = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / (items * items)
        return expected < 1 ? (agreements / items - expected) / (1 - expected) : nil
    }

    /// Fleiss 1971, for any number of raters, which may differ from item to item: the mean over items of the share of agreeing pairs
    /// (equations 2 and 3), corrected by the squared shares of the categories (equation 5).
    ///
    /// - Parameters:
    ///   - agreement: The sum over items of the share of agreeing pairs.
    ///   - categories: How often each category was chosen.
    static func fleiss(agreement: Double, items: Double, categories: ArraySlice<Double>) -> Double? {
        let total = categories.reduce(0, +)
        guard items > 0, total > 0 else { return nil }
        let expected = categories.reduce(0) { $0 + $1 * $1 } / (total * total)
        return expected < 1 ? (agreement / items - expected) / (1 - expected) : nil
    }
}
