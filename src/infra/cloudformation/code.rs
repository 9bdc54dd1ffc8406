//! Where a function's code is.

use super::super::model::Code;
use super::super::paths::join;
use super::Reading;
use super::intrinsics::Declared;
use crate::text::tree::Node;
use crate::text::{Site, Source, Span, yaml};

impl Reading<'_> {
    /// Where the code of a function is. `properties` and `metadata` are evaluated.
    pub(super) fn code(&self, declared: &Declared, properties: &Node, metadata: &Node) -> Code {
        let asset = metadata.get("aws:asset:path").and_then(Node::as_str).map(str::to_owned);
        if let Some(asset) = asset.or_else(|| self.asset(properties)) {
            let code = self.local(&asset, metadata.span);
            let of = metadata.get("aws:asset:property").and_then(Node::as_str);
            return match code {
                Code::Path(context) if of == Some("Code.ImageUri") => {
                    let file = metadata.get("aws:asset:dockerfile-path").and_then(Node::as_str);
                    let dockerfile = join(&context, file.unwrap_or("Dockerfile"));
                    Code::Image { context, dockerfile }
                }
                code => code,
            };
        }
        if let Some(image) = self.image(properties, metadata) {
            return image;
        }
        let inline = properties.get("InlineCode").or_else(|| properties.at(&["Code", "ZipFile"]));
        if let Some(inline) = inline.filter(|inline| inline.as_template().is_some()) {
            return self.inline(declared, inline);
        }
        match properties.get("CodeUri").or_else(|| properties.get("Code")) {
            Some(code) => self.stored(code),
            None => Code::Path(join(self.folder(), ".").unwrap_or_default()),
        }
    }

    /// A folder, or a bucket and a key in one of their spellings.
    pub(super) fn stored(&self, code: &Node) -> Code {
        if let Some(text) = code.as_template() {
            return match self.evaluator.literal(&text) {
                Some(path) if !path.contains("://") => self.local(&path, code.span),
                _ => Code::Elsewhere(text.to_string()),
            };
        }
        let part = |names: [&str; 2]| {
            let found = names.into_iter().find_map(|name| code.get(name)?.as_template());
            found.map_or_else(|| "*".to_owned(), |text| text.to_string())
        };
        Code::Elsewhere(format!("s3://{}/{}", part(["S3Bucket", "Bucket"]), part(["S3Key", "Key"])))
    }

    /// The copy of code that an assembly holds under the name that a key of its bucket has.
    fn asset(&self, properties: &Node) -> Option<String> {
        let bucket = properties.at(&["Code", "S3Bucket"])?.as_template()?.to_string();
        let key = properties.at(&["Code", "S3Key"])?.as_str()?;
        let hash = key.rsplit('/').next()?.strip_suffix(".zip")?;
        let stack = self.source.path().strip_suffix(".template.json")?;
        let manifest = (self.settings.sibling)(&[stack, ".assets.json"].concat())?;
        let (manifest, _) = yaml::parse(&Source::new("", manifest), self.evaluator.file);
        let path = manifest.at(&["files", hash, "source", "path"])?.as_str()?;
        (bucket.contains("assets-")).then(|| path.to_owned())
    }

    fn local(&self, path: &str, span: Span) -> Code {
        join(self.folder(), path).map_or_else(
            || {
                let shown = path.escape_debug();
                self.evaluator
                    .problem(span, format!("`{shown}` leads outside of the project and is not read"));
                Code::Elsewhere(path.to_owned())
            },
            Code::Path,
        )
    }

    fn image(&self, properties: &Node, metadata: &Node) -> Option<Code> {
        let image = properties.get("ImageUri").or_else(|| properties.at(&["Code", "ImageUri"]));
        let packaged = properties.get("PackageType").and_then(Node::as_str) == Some("Image");
        if image.is_none() && !packaged {
            return None;
        }
        let context = metadata.get("DockerContext").and_then(Node::as_str);
        let Some(context) = context.filter(|context| !context.contains("://")) else {
            let text = image.and_then(Node::as_template);
            return Some(Code::Elsewhere(
                text.map_or_else(|| "an image".to_owned(), |text| text.to_string()),
            ));
        };
        let Code::Path(context) = self.local(context, metadata.span) else {
            return Some(Code::Elsewhere("an image".to_owned()));
        };
        let dockerfile = metadata.get("Dockerfile").and_then(Node::as_str);
        let dockerfile = join(&context, dockerfile.unwrap_or("Dockerfile"));
        Some(Code::Image { context, dockerfile })
    }

    /// The program in the template. Its site is that of its first line, so that lines can be counted from there.
    fn inline(&self, declared: &Declared, inline: &Node) -> Code {
        let text = inline.as_template().unwrap_or_default();
        let text = text.as_literal().map_or_else(|| text.to_string(), str::to_owned);
        let written = declared.node.get("Properties").and_then(|properties| {
            properties.get("InlineCode").or_else(|| properties.at(&["Code", "ZipFile"]))
        });
        let span = written.map_or(inline.span, |node| self.first_line(node));
        Code::Inline { text, site: Site { file: self.evaluator.file, span } }
    }

    /// The bytes of a block text behind its tag and indicator (`!Sub |`); of any other text, all of them.
    fn first_line(&self, node: &Node) -> Span {
        let written = self.source.slice(node.span);
        let tagged = written.starts_with('!').then(|| written.split_once('\n')).flatten();
        match tagged {
            Some((head, _)) if head.contains(['|', '>']) => {
                let skipped = u32::try_from(head.len() + 1).unwrap_or(0);
                Span::new(node.span.start + skipped, node.span.end)
            }
            _ => node.span,
        }
    }
}
