// What people call the campaigns that deliveries belong to.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { campaignsQuery } from '../../api/queries';

// Of the newest campaigns the name, of others the id.
export function useCampaignNames(isWanted = true): (id: string) => string {
  const { data } = useQuery({ ...campaignsQuery(200), enabled: isWanted, refetchInterval: false });
  return useMemo(() => {
    const names = new Map(data?.campaigns.map(({ campaign_id, name }) => [campaign_id, name]));
    return (id) => names.get(id) || id;
  }, [data]);
}
