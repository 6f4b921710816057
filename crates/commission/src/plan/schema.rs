use schemars::Schema;
use schemars::transform::RecursiveTransform;
use serde_json::Value;

use super::PlanDocument;

/// The JSON Schema (draft 2020-12) of plan documents, as published. It states the form; what
/// depends on the program or on other fields is checked by [`super::validate`].
#[must_use]
pub fn plan_schema() -> Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .with_transform(RecursiveTransform(without_null))
        .into_generator()
        .into_root_schema_for::<PlanDocument>()
}

/// An absent field is left out, as the reader has it; the derived schema of an `Option` would allow
/// `null` too.
fn without_null(schema: &mut Schema) {
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&Value::from("null")));
        if let [Value::Object(only)] = &choices[..] {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.insert(key, value);
            }
        }
    }
}
