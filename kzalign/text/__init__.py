"""Text of Kazakh, Russian and English documents: decoding, repair, language, sentences."""
