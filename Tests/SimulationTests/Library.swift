import Foundation

/// The natural logarithm of the C library.
func logarithmOfTheLibrary(_ value: Double) -> Double { log(value) }
