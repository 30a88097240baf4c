import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Json: z.ZodType<Json> = z.json();
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), Json).default({}) }),
  ),
  Outputs: z
    .record(z.string(), z.object({ Value: Json, Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.looseObject({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});

const Assets = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string().optional() }) })),
});

/** A resource as its template has it, intrinsic functions unresolved. */
export type TemplateResource = {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, Json>>;
};

export type TemplateOutput = { readonly stack: string; readonly name: string; readonly value: Json };

/** What `cdk synth` wrote: every stack's resources and outputs, and the folder of every file asset. */
export type Assembly = {
  readonly resources: readonly TemplateResource[];
  readonly outputs: readonly TemplateOutput[];
  /** Export name -> output. */
  readonly exports: ReadonlyMap<string, TemplateOutput>;
  /** Asset hash -> folder. */
  readonly assets: ReadonlyMap<string, string>;
};

/**
 * Reads a cloud assembly.
 *
 * @throws Error if the folder holds none.
 */
export function readAssembly(folder: string): Assembly {
  const manifest = Manifest.parse(readJson(join(folder, 'manifest.json')));
  const resources: TemplateResource[] = [];
  const outputs: TemplateOutput[] = [];
  const exports = new Map<string, TemplateOutput>();
  const assets = new Map<string, string>();
  for (const [stack, { type, properties }] of Object.entries(manifest.artifacts)) {
    if (type !== 'aws:cloudformation:stack') continue;
    const template = Template.parse(
      readJson(join(folder, properties?.templateFile ?? `${stack}.template.json`)),
    );
    for (const [logicalId, resource] of Object.entries(template.Resources)) {
      resources.push({ stack, logicalId, type: resource.Type, properties: resource.Properties });
    }
    for (const [name, { Value, Export }] of Object.entries(template.Outputs)) {
      const output = { stack, name, value: Value };
      outputs.push(output);
      if (Export !== undefined) exports.set(Export.Name, output);
    }
    const { files } = Assets.parse(readJson(join(folder, `${stack}.assets.json`)));
    for (const [hash, { source }] of Object.entries(files)) {
      if (source.path !== undefined) assets.set(hash, join(folder, source.path));
    }
  }
  return { resources, outputs, exports, assets };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
