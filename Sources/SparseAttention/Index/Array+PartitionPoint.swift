extension Array {
    /// The index of the first element for which `isSecondPart` holds, in an array where it holds from some element on.
    func partitionPoint(_ isSecondPart: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
