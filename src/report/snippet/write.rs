//! Where the statements of a role stand in its template, and what is put there instead.

use std::cell::RefCell;

use indexmap::IndexSet;

use super::edit::{Edit, Editor};
use super::serverless::{Role as Framework, role as framework_role, statements};
use super::tree::{Speller, Tree};
use super::{Made, cloudformation, sam, terraform, without_itself};
use crate::infra::{Dialect, HeldPolicy, Role};
use crate::text::tree::Node;
use crate::text::{FileId, Site, Sources, yaml};

/// The changes of a file.
pub(crate) type Change = (FileId, Vec<Edit>);

/// A role whose statements are to be what is needed.
pub(crate) struct Rewriting<'a> {
    /// The functions of the role as one, with the policy that all of them need together.
    pub(crate) made: Made<'a>,
    /// The role as it is.
    pub(crate) role: &'a Role,
    /// The policies that stay attached to it.
    pub(crate) kept: Vec<&'a HeldPolicy>,
    /// The files.
    pub(crate) sources: &'a Sources,
    /// Blocks that were added to the deployment for other roles.
    pub(crate) added: &'a RefCell<IndexSet<String>>,
}

impl Rewriting<'_> {
    /// The changes that make the role hold what is needed. Where that cannot be done, a sentence says why.
    pub(crate) fn changes(&self) -> Result<Vec<Change>, String> {
        if self.made.synthesis.policies.len() > 1 {
            return Err("what is needed is too long for one policy".to_owned());
        }
        if self.made.deployment.dialect == Dialect::Terraform {
            return terraform::changes(self);
        }
        let file = self.role.site.file;
        let source = self.sources.get(file).ok_or("the template is not at hand")?;
        let (root, problems) = yaml::parse(source, file);
        if !problems.is_empty() {
            return Err("the template cannot be read without problems".to_owned());
        }
        let editor = Editor { source, root: &root };
        let edits = match self.made.deployment.dialect {
            Dialect::Serverless => self.in_service(&editor, &root),
            _ if self.made.has_own_role() => self.in_function(&editor),
            _ => self.in_role(&editor, &root, &["Resources"]),
        }?;
        Ok(vec![(file, edits)])
    }

    /// Those of the blocks that no other role has added.
    pub(super) fn new_blocks(&self, blocks: Vec<String>) -> Vec<String> {
        blocks.into_iter().filter(|block| self.added.borrow_mut().insert(block.clone())).collect()
    }

    /// Whether a part of the template holds something that stays.
    fn keeps(&self, item: &Node) -> bool {
        let sites = self.role.unknown.iter().map(|(_, site)| site);
        sites.chain(self.kept.iter().map(|policy| &policy.site)).any(|site| self.is_within(site, item))
    }

    fn is_within(&self, site: &Site, node: &Node) -> bool {
        site.file == self.role.site.file
            && site.span.start >= node.span.start
            && site.span.end <= node.span.end
            && site.span.start < node.span.end
    }

    /// The `Policies` of a function of the serverless transform.
    fn in_function(&self, editor: &Editor<'_>) -> Result<Vec<Edit>, String> {
        let id = self.made.declared.map_or("", |declared| declared.id.as_str());
        let (items, others) = sam::policies(&self.made);
        let path = ["Resources", id, "Properties", "Policies"];
        let mut edits = editor.set_items(&path, &|item| self.keeps(item), items)?;
        for (id, tree) in others {
            edits.extend(editor.set(&["Resources", &id], &tree)?);
        }
        Ok(edits)
    }

    /// The policies of a role that the template declares.
    fn in_role(&self, editor: &Editor<'_>, root: &Node, above: &[&str]) -> Result<Vec<Edit>, String> {
        let id = self.made.declared.and_then(|declared| declared.role.as_deref()).unwrap_or_default();
        let path = |rest: &[&'static str]| [above, &[id], rest].concat();
        if root.at(&path(&[])).is_none() {
            return Err("the role is not written out in the template".to_owned());
        }
        let resources = &self.made.deployment.resources;
        let replaced = self
            .role
            .policies
            .iter()
            .filter(|policy| !policy.implied && !self.kept.iter().any(|kept| kept.site == policy.site));
        let attached: Vec<&str> = replaced
            .filter_map(|policy| {
                resources.iter().find(|(other, resource)| **other != *id && resource.site == policy.site)
            })
            .map(|(id, _)| id.as_str())
            .collect();
        let inline = root.at(&path(&["Properties", "Policies"]));
        let has_inline = inline.is_some_and(|list| list.one_or_many().iter().any(|item| !self.keeps(item)));
        let speller = Speller { deployment: self.made.deployment, dialect: self.made.deployment.dialect };
        match (attached.as_slice(), has_inline) {
            ([only], false) => {
                let tree =
                    self.made.synthesis.policies.first().map(|policy| speller.document(&policy.document));
                let tree = tree.ok_or("nothing is needed: the policy can be taken out")?;
                editor.set(&[above, &[*only, "Properties", "PolicyDocument"]].concat(), &tree)
            }
            ([], _) => {
                let (items, others) = self.inline(&speller);
                let keeps = |item: &Node| self.keeps(item);
                let mut edits = editor.set_items(&path(&["Properties", "Policies"]), &keeps, items)?;
                for (id, tree) in others {
                    edits.extend(editor.set(&[above, &[&id]].concat(), &tree)?);
                }
                Ok(edits)
            }
            _ => Err("the statements of the role stand in several places".to_owned()),
        }
    }

    /// The inline policies of a role, and the policies that cannot be in it.
    fn inline(&self, speller: &Speller<'_>) -> (Vec<Tree>, Vec<(String, Tree)>) {
        let (mut items, mut others) = (vec![], vec![]);
        for policy in &self.made.synthesis.policies {
            let (within, of_itself) = without_itself(&self.made, policy);
            if !within.statements.is_empty() {
                let document = speller.document(&within);
                items.push(Tree::map([
                    ("PolicyName", Tree::text(&*policy.name)),
                    ("PolicyDocument", document),
                ]));
            }
            if !of_itself.statements.is_empty() {
                let id = format!("{}OwnPolicy", self.made.identifier());
                let tree = cloudformation::resource(&self.made, &id, policy.kind, &of_itself);
                others.push((id, tree));
            }
        }
        (items, others)
    }

    /// The statements of a service of the Serverless Framework.
    fn in_service(&self, editor: &Editor<'_>, root: &Node) -> Result<Vec<Edit>, String> {
        let key = self.made.declared.map_or("", |declared| declared.label.as_str());
        let places: &[&[&str]] = match framework_role(&self.made) {
            Framework::Shared => {
                &[&["provider", "iam", "role", "statements"], &["provider", "iamRoleStatements"]]
            }
            Framework::Own => &[
                &["functions", key, "iamRoleStatements"],
                &["functions", key, "iam", "role", "statements"],
                &["functions", key, "iam", "statements"],
            ],
            Framework::Declared => return self.in_role(editor, root, &["resources", "Resources"]),
        };
        let path = places.iter().find(|path| root.at(path).is_some()).or_else(|| places.first());
        let items = statements(&self.made);
        editor.set_items(path.copied().unwrap_or_default(), &|item| self.keeps(item), items)
    }
}
