//! Who may ask: requests from the page itself, on this machine, with the token of a rater. All others get the same refusal.

use axum::http::{HeaderMap, HeaderName, Uri, header};

/// Header in which the page sends the token.
const TOKEN_HEADER: &str = "x-lacuna-token";
/// Fewest bytes of a token, as hexadecimal digits of 128 bits.
const FEWEST_DIGITS: usize = 32;

/// What a request has to carry for one rater's session. It never shows in a message.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token(hidden)")
    }
}

impl Token {
    /// A token of random bytes, 16 or more.
    ///
    /// # Panics
    /// Where there are fewer: such a token could be guessed.
    pub fn new(random: &[u8]) -> Self {
        let digits = hex::encode(random);
        assert!(digits.len() >= FEWEST_DIGITS, "a token of {} bytes could be guessed", random.len());
        Self(digits)
    }

    /// The token as an address has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares in a time that does not depend on where texts differ.
    fn is(&self, other: &str) -> bool {
        let (one, other) = (self.0.as_bytes(), other.as_bytes());
        let differing = one.iter().zip(other).fold(0_u8, |found, (one, other)| found | (one ^ other));
        std::hint::black_box(differing) == 0 && one.len() == other.len()
    }
}

/// Where the page is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    hosts: [String; 2],
    origins: [String; 2],
}

impl Place {
    pub(super) fn new(port: u16) -> Self {
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let origins = [format!("http://{}", hosts[0]), format!("http://{}", hosts[1])];
        Self { hosts, origins }
    }

    /// Whether a request comes from the page or from the address bar, and not from another site or under another name, to which
    /// a foreign site could have made its own resolve.
    pub(super) fn admits(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let is_ours = |host: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        let host = only(headers, &header::HOST).is_some_and(|host| host.is_some_and(is_ours));
        let authority = uri.authority().is_none_or(|authority| is_ours(authority.as_str()));
        let origin = only(headers, &header::ORIGIN)
            .is_some_and(|origin| origin.is_none_or(|origin| self.origins.iter().any(|own| own == origin)));
        let site = only(headers, &HeaderName::from_static("sec-fetch-site"))
            .is_some_and(|site| site.is_none_or(|site| ["same-origin", "none"].contains(&site)));
        host && authority && origin && site
    }
}

/// The one value of a header, if it has one; nothing where it has several or one that is no text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(value), None) => value.to_str().ok().map(Some),
        _ => None,
    }
}

/// The place of the token that a request carries, among those given: in the query for the page, in a header for everything else.
/// All are compared, so that the time does not tell which.
pub(super) fn seat_of<'a>(uri: &Uri, headers: &HeaderMap, tokens: impl Iterator<Item = &'a Token>) -> Option<usize> {
    let sent = if uri.path() == "/" {
        let mut sent = uri.query()?.split('&').filter_map(|pair| pair.strip_prefix("token="));
        sent.next().filter(|_| sent.next().is_none())?
    } else {
        only(headers, &HeaderName::from_static(TOKEN_HEADER))??
    };
    tokens.enumerate().fold(None, |found, (place, token)| if token.is(sent) { Some(place) } else { found })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut headers = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn only_the_page_itself_is_admitted() {
        let place = Place::new(8000);
        let admits = |pairs: &[(&'static str, &'static str)]| place.admits(&Uri::from_static("/"), &headers(pairs));
        assert!(admits(&[("host", "127.0.0.1:8000")]));
        assert!(admits(&[("host", "LOCALHOST:8000")]));
        assert!(admits(&[
            ("host", "localhost:8000"),
            ("origin", "http://localhost:8000"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(admits(&[("host", "localhost:8000"), ("sec-fetch-site", "none")]));
        for refused in [
            vec![],
            vec![("host", "127.0.0.1")],
            vec![("host", "127.0.0.1:8001")],
            vec![("host", "evil.example:8000")],
            vec![("host", "127.0.0.1:8000.evil.example")],
            vec![("host", "127.0.0.1:8000"), ("host", "evil.example")],
            vec![("host", "127.0.0.1:8000"), ("origin", "http://evil.example")],
            vec![("host", "127.0.0.1:8000"), ("origin", "null")],
            vec![("host", "127.0.0.1:8000"), ("origin", "https://127.0.0.1:8000")],
            vec![("host", "127.0.0.1:8000"), ("sec-fetch-site", "cross-site")],
            vec![("host", "127.0.0.1:8000"), ("sec-fetch-site", "same-site")],
            vec![("host", "127.0.0.1:8000"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        ] {
            assert!(!admits(&refused), "{refused:?}");
        }
        let absolute = Uri::from_static("http://evil.example/");
        assert!(!place.admits(&absolute, &headers(&[("host", "127.0.0.1:8000")])));
    }

    #[test]
    fn a_token_counts_in_its_own_place_alone() {
        let tokens = [Token::new(&[1; 16]), Token::new(&[2; 16])];
        let (first, second) = (tokens[0].as_str(), tokens[1].as_str());
        let page = |query: &str| seat_of(&format!("/?{query}").parse().unwrap(), &HeaderMap::new(), tokens.iter());
        assert_eq!(page(&format!("token={first}")), Some(0));
        assert_eq!(page(&format!("a=b&token={second}")), Some(1));
        for query in ["", "token=", "token", &format!("token={first}&token={first}"), &format!("token={}", &first[1..])]
        {
            assert_eq!(page(query), None, "{query}");
        }
        assert_eq!(page(&format!("token={first}0")), None);
        let api = Uri::from_static("/api/session");
        assert_eq!(
            seat_of(&api, &headers(&[("x-lacuna-token", "02020202020202020202020202020202")]), tokens.iter()),
            Some(1)
        );
        assert_eq!(seat_of(&api, &HeaderMap::new(), tokens.iter()), None);
        let in_query = format!("/api/session?token={first}").parse().unwrap();
        assert_eq!(seat_of(&in_query, &HeaderMap::new(), tokens.iter()), None);
        assert_eq!(format!("{:?}", tokens[0]), "Token(hidden)");
    }

    #[test]
    #[should_panic(expected = "could be guessed")]
    fn a_short_token_is_none() {
        drop(Token::new(&[1; 15]));
    }
}
