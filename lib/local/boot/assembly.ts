import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
      /** `aws://<account>/<region>` */
      environment: z.string().optional(),
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

export type TemplateOutput = {
  readonly stack: string;
  readonly name: string;
  readonly value: Json;
  readonly exportName: string | undefined;
};

/** What `cdk synth` wrote: every stack's resources and outputs, and the folder of every file asset. */
export type Assembly = {
  readonly resources: readonly TemplateResource[];
  readonly outputs: readonly TemplateOutput[];
  /** Export name -> output. */
  readonly exports: ReadonlyMap<string, TemplateOutput>;
  /** Asset hash -> folder. */
  readonly assets: ReadonlyMap<string, string>;
  readonly region: string;
};

/**
 * Reads a cloud assembly.
 *
 * @throws Error if the folder holds none, or stacks of several regions.
 */
export function readAssembly(path: string): Assembly {
  const folder = resolve(path);
  const { artifacts } = Manifest.parse(readJson(join(folder, 'manifest.json')));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const regions = new Set(stacks.map(([, { environment }]) => environment?.split('/').at(-1)));
  const [region, ...others] = regions;
  if (region === undefined || others.length > 0) throw new Error('Expected the stacks of one region.');
  const read = stacks.map(([stack, { properties }]) =>
    readStack(folder, stack, properties?.templateFile ?? `${stack}.template.json`),
  );
  const outputs = read.flatMap((stack) => stack.outputs);
  return {
    resources: read.flatMap((stack) => stack.resources),
    outputs,
    exports: new Map(outputs.flatMap((output) => (output.exportName ? [[output.exportName, output]] : []))),
    assets: new Map(read.flatMap((stack) => stack.assets)),
    region,
  };
}

function readStack(folder: string, stack: string, templateFile: string) {
  const template = Template.parse(readJson(join(folder, templateFile)));
  const { files } = Assets.parse(readJson(join(folder, `${stack}.assets.json`)));
  const resources = Object.entries(template.Resources).map(
    ([logicalId, { Type, Properties }]): TemplateResource => ({
      stack,
      logicalId,
      type: Type,
      properties: Properties,
    }),
  );
  const outputs = Object.entries(template.Outputs).map(
    ([name, { Value, Export }]): TemplateOutput => ({ stack, name, value: Value, exportName: Export?.Name }),
  );
  const assets = Object.entries(files).flatMap(([hash, { source }]): (readonly [string, string])[] =>
    source.path === undefined ? [] : [[hash, join(folder, source.path)]],
  );
  return { resources, outputs, assets };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
