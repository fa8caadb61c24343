//! `bpg key public`

use bpg_core::generate::public_half;
use zeroize::Zeroizing;

use super::{Beside, Form, KeyFile, PUBLIC_KEY};
use crate::args::Public;
use crate::error::{Failure, Status};
use crate::input;
use crate::output::file::{self, Access, Target};

pub(in crate::command) fn public(args: &Public) -> Result<Status, Failure> {
    let target = Target::new(args.output.output.as_deref(), Access::Umask, args.output.force);
    target.check(args.output.binary)?;
    target.tell_of_loss();
    let data = input::open_one(&args.file)?.read_all(&args.file)?;
    let file = KeyFile::new(&args.file, &data, Beside::Nothing)?;
    file.check_secrets_are_known()?;
    let form = Form::new(args.output.binary);
    let mut out = Zeroizing::new(Vec::new());
    for part in &file.parts {
        let public = public_half(&part.packets).map_err(|error| file.failure(part, error))?;
        out.extend_from_slice(form.encode(PUBLIC_KEY, &[], &public).octets());
    }
    file::write(target, &out)
}
