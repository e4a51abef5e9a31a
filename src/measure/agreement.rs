//! Agreement of judge and gold severities, on scored examples and the full scale.
