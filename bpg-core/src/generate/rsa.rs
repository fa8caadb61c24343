//! RSA keys and signatures.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crypto_bigint::{BoxedUint, NonZero};
use rand_core::CryptoRng;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::Sha512;
use zeroize::Zeroizing;

use super::private_key::{PrivateKey, SECRET_CAPACITY, Signer};
use super::{Error, Step, prime};
use crate::encode;
use crate::registry::{HashAlgorithm, PublicKeyAlgorithm};

/// The exponent that everybody uses.
const EXPONENT: u64 = 65_537;

/// Makes a key whose modulus has exactly `bits` bits. `progress` is told of every candidate and of every prime.
pub(super) fn generate(
    bits: u32,
    rng: &mut impl CryptoRng,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<PrivateKey, Error> {
    let search = prime::Search::new(bits / 2);
    let key = loop {
        let p = search.prime(rng, progress)?;
        let q = search.prime(rng, progress)?;
        // "MPI of RSA secret prime value q (p < q)" (RFC 9580 section 5.5.5.1.1).
        let (p, q) = if *p < *q { (p, q) } else { (q, p) };
        if !is_far_apart(&p, &q, bits) {
            continue;
        }
        // Fails if the exponent has no inverse, which takes another pair.
        if let Ok(key) = RsaPrivateKey::from_p_q((*p).clone(), (*q).clone(), BoxedUint::from(EXPONENT)) {
            break key;
        }
    };
    let [p, q] = key.primes() else { return Err(Error::KeyGeneration) };
    let inverse = inverse(p, q)?;

    let mut public = Vec::new();
    encode::mpi(&mut public, &key.n().to_be_bytes());
    encode::mpi(&mut public, &key.e().to_be_bytes());
    let mut secret = Zeroizing::new(Vec::with_capacity(SECRET_CAPACITY));
    for integer in [key.d(), p, q, &inverse] {
        encode::mpi(&mut secret, &Zeroizing::new(integer.to_be_bytes()));
    }
    let signer: Box<dyn Signer + Send> = Box::new(Rsa(key));
    Ok(PrivateKey { algorithm: PublicKeyAlgorithm::RSA, public, secret, signer: Some(signer) })
}

/// FIPS 186-5, appendix A.1.3: |p − q| > 2^(bits / 2 − 100), so that the modulus cannot be factored from its square root.
fn is_far_apart(p: &BoxedUint, q: &BoxedUint, bits: u32) -> bool {
    let difference = Zeroizing::new(q.wrapping_sub(p));
    difference.bits() > (bits / 2).saturating_sub(100)
}

/// "The multiplicative inverse of p, mod q."
fn inverse(p: &BoxedUint, q: &BoxedUint) -> Result<Zeroizing<BoxedUint>, Error> {
    let modulus: Option<NonZero<BoxedUint>> = NonZero::new(q.clone()).into();
    let modulus = modulus.ok_or(Error::KeyGeneration)?;
    let inverse: Option<BoxedUint> = p.invert_mod(&modulus).into();
    inverse.map(Zeroizing::new).ok_or(Error::KeyGeneration)
}

struct Rsa(RsaPrivateKey);

impl Signer for Rsa {
    fn hash_algorithm(&self) -> HashAlgorithm {
        HashAlgorithm::SHA2_512
    }

    fn sign(&self, digest: &[u8], mut rng: &mut dyn CryptoRng) -> Result<Vec<u8>, Error> {
        let signature =
            self.0.sign_with_rng(&mut rng, Pkcs1v15Sign::new::<Sha512>(), digest).map_err(|_| Error::Signing)?;
        let mut out = Vec::new();
        encode::mpi(&mut out, &signature);
        Ok(out)
    }
}
