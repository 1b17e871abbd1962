import { Command } from 'commander';
import { uploadCommand } from './porting-upload.ts';

/** What number ports need beside the YAML. */
export function portingCommand(): Command {
  return new Command('porting')
    .description('Number ports: what does not fit into YAML.')
    .addCommand(uploadCommand())
    .addHelpText('after', '\nExamples:\n  dialops porting upload --help');
}
